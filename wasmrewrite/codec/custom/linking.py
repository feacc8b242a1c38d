"""The sections of an object file (tool conventions, Linking): ``linking``, and ``reloc.*`` for each relocated section.

Both name sections by their number in the file, custom ones counted: ``reloc.*`` the one section it is about,
``linking`` those that have a symbol. Not here: single relocations, which stay bytes, and subsections that name no
section.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from construct import Construct, Container, If

from ...isa.leb import Buffer
from ...isa.operand_bytes import read_byte, write_byte
from ...messages import malformed
from ..parts import U32, U64, Kernel, Name, Record, Rest, Vector
from ..stream import Sink, Window
from .subsections import Subsections

RELOC_PREFIX: Final = "reloc."
_SYMBOL_TABLE: Final = 8
_DATA, _SECTION = 1, 3
_INDEXED: Final = (0, 2, 4, 5)  # functions, globals, tags, tables
_UNDEFINED, _EXPLICIT_NAME = 0x10, 0x40


def _read_kind(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    kind, after = read_byte(buf, pos, end)
    if kind not in (_DATA, _SECTION, *_INDEXED):
        raise malformed("symbol-kind", pos)
    return kind, after


def _has_index(symbol: Mapping[str, Any]) -> bool:
    return bool(symbol["kind"] != _DATA)


def _has_name(symbol: Mapping[str, Any]) -> bool:
    if symbol["kind"] in _INDEXED:
        return not symbol["flags"] & _UNDEFINED or bool(symbol["flags"] & _EXPLICIT_NAME)
    return bool(symbol["kind"] == _DATA)


def _has_place(symbol: Mapping[str, Any]) -> bool:
    return bool(symbol["kind"] == _DATA and not symbol["flags"] & _UNDEFINED)


_PLACE: Final = Record("segment" / U32, "offset" / U64, "size" / U64)
_SYMBOL: Final = Record(
    "kind" / Kernel(_read_kind, write_byte),
    "flags" / U32,
    "index" / If(_has_index, U32),
    "name" / If(_has_name, Name),
    "place" / If(_has_place, _PLACE),
)


class _Linking(Construct):
    """A version, and subsections behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = Subsections({_SYMBOL_TABLE: Vector("symbol", _SYMBOL)})

    def _parse(self, stream: Window, context: Any, path: str) -> Container:
        version = U32._parse(stream, context, path)
        return Container(version=version, parts=self.parts._parse(stream, context, path))

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        U32._build(obj["version"], stream, context, path)
        self.parts._build(obj["parts"], stream, context, path)
        return obj


LINKING: Final = _Linking()
RELOC: Final = Record("target" / U32, "relocations" / Rest())


def named_sections(record: Mapping[str, Any]) -> frozenset[int] | None:
    """The numbers of the sections that ``linking`` has symbols of; None if that cannot be read."""
    found: set[int] = set()
    for part in record["parts"]:
        if part["id"] == _SYMBOL_TABLE:
            if part["problem"] is not None:
                return None
            found.update(int(symbol["index"]) for symbol in part["contents"] if symbol["kind"] == _SECTION)
    return frozenset(found)
