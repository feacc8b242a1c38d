"""The sections of a module (specification 5.5), each declared once for reading and writing.

``parse_section`` and ``build_section`` are the only doors: behind them everything that Construct or a kernel complains
of is a ``MalformedError`` with an absolute offset and a path. Records by section id (ints are ``Padded`` and vectors
``PaddedList`` where the bytes were over-long; spans are absolute (start, end) pairs, and where a record has one,
``bytes`` may stand instead when building):

==  ===========  ======================================================================================================
 0  custom       name, data: span
 1  type         groups: vector of (explicit, types: vector of (form: None | "sub" | "sub final", supers, composite))
 2  import       vector of (module, name, kind: "function" | "table" | "memory" | "global" | "tag",
                 desc: type index | TableType | MemoryType | GlobalType | (attribute, type))
 3  function     vector of type indices
 4  table        vector of (type: TableType, init: span | None)
 5  memory       vector of MemoryType
 6  global       vector of (type: GlobalType, init: span)
 7  export       vector of (name, kind, index)
 8  start        function index
 9  element      vector of (flags, mode: "active" | "passive" | "declarative", table: index | None, offset: span | None,
                 kind: 0 | None, type: RefType, items: vector of function indices or of spans)
10  code         vector of (size, span)
11  data         vector of (flags, mode: "active" | "passive", memory: index | None, offset: span | None, data: span)
12  data count   number of data segments
13  tag          vector of (attribute, type)
==  ===========  ======================================================================================================

Not here: where sections lie (``frame``), what a code entry holds (``code``), what custom sections hold (``custom``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from construct import (
    Computed,
    Construct,
    ConstructError,
    Container,
    FocusedSeq,
    If,
    IfThenElse,
    Switch,
    Terminated,
    this,
)

from ..errors import InternalError, MalformedError, WasmError
from ..isa.immediates import Space
from ..isa.leb import Buffer, read_u32, write_u
from ..isa.operand_bytes import read_byte, write_byte
from ..isa.proposals import EXTERNALS, unsupported
from ..isa.types import FUNC, FUNCREF, RefType
from ..messages import malformed, malformed_import_kind
from ..model.layout import SECTIONS as ORDER
from .parts import (
    U32,
    Blob,
    Expression,
    Indices,
    Kernel,
    Name,
    Record,
    Rest,
    Vector,
    check_entries,
    padded_list,
    read_count,
    translate,
    write_length,
)
from .stream import Rewrite, Sink, Window
from .types import GLOBAL_TYPE, MEMORY_TYPE, REC_TYPE, REF_TYPE, TABLE_TYPE, TAG_TYPE

KIND_SPACE: Final[Mapping[str, Space]] = {
    space.value: space for space in (Space.FUNC, Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.TAG)
}
"""The spaces whose items can be imported and exported, by the word for their kind, in the order of its codes."""
_KINDS: Final = tuple(KIND_SPACE)
_KIND_CODES: Final = {kind: bytes((code,)) for code, kind in enumerate(_KINDS)}


def _read_kind(buf: Buffer, pos: int, end: int) -> tuple[str, int]:
    code, after = read_byte(buf, pos, end)
    if code >= len(_KINDS):
        raise unsupported(EXTERNALS.get(code), pos) or malformed_import_kind(pos)
    return _KINDS[code], after


def _read_export_kind(buf: Buffer, pos: int, end: int) -> tuple[str, int]:
    code, after = read_byte(buf, pos, end)
    if code >= len(_KINDS):
        raise unsupported(EXTERNALS.get(code), pos) or malformed("export-kind", pos)
    return _KINDS[code], after


def _read_flags(what: str, highest: int) -> Kernel:
    def read(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
        flags, after = read_u32(buf, pos, end)
        if flags > highest:
            raise malformed("segment-flags", pos, what=what)
        return flags, after

    return Kernel(read, write_u)


def _read_elem_kind(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    kind, after = read_byte(buf, pos, end)
    if kind:
        raise malformed("element-kind", pos)
    return kind, after


_WITH_INIT: Final = b"\x40\x00"
_INITIALISED_TABLE: Final = Record("type" / TABLE_TYPE, "init" / Expression())


class _TableForm(Construct):
    """A table with an initialiser starts with 0x40 0x00; where none is, ``init`` is None."""

    def _parse(self, stream: Window, context: Any, path: str) -> Container:
        pos = stream.pos
        if bytes(stream.buf[pos : min(pos + 2, stream.end)]) != _WITH_INIT:
            return Container(type=TABLE_TYPE._parse(stream, context, path), init=None)
        stream.pos = pos + 2
        return _INITIALISED_TABLE._parse(stream, context, path)

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        if obj["init"] is None:
            return TABLE_TYPE._build(obj["type"], stream, context, path)
        stream.write(_WITH_INIT)
        return _INITIALISED_TABLE._build(obj, stream, context, path)


class _CodeEntries(Construct):
    """Size and span of every code entry, in one loop: modules have tens of thousands."""

    def _parse(self, stream: Window, context: Any, path: str) -> list[Container]:
        buf, end = stream.buf, stream.end
        count, pos = read_count(buf, stream.pos, end)
        check_entries(count, stream.pos)
        entries: list[Container] = []
        try:
            for _ in range(count):
                size, start = read_count(buf, pos, end)
                pos = start + size
                entries.append(Container(size=size, span=(start, pos)))
        except WasmError as error:
            error.within(f"func[{len(entries)}]")
            raise
        stream.pos = pos
        return padded_list(entries, count)

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        stream.write(write_length(len(obj), obj))
        for entry in obj:
            data = stream.content(entry["span"])
            stream.write(write_length(len(data), entry["size"]))
            stream.write(data)
        return obj


def _active(record: Mapping[str, Any]) -> bool:
    return not record["flags"] & 1


def _names_space(record: Mapping[str, Any]) -> bool:
    """Whether the memory or table of a segment is written."""
    return bool(record["flags"] & 3 == 2)


def _elem_mode(record: Mapping[str, Any]) -> str:
    return "active" if _active(record) else "declarative" if record["flags"] & 2 else "passive"


def _elem_has_kind(record: Mapping[str, Any]) -> bool:
    return bool(record["flags"] & 3) and not record["flags"] & 4


def _elem_has_type(record: Mapping[str, Any]) -> bool:
    return bool(record["flags"] & 3) and bool(record["flags"] & 4)


def _elem_default_type(record: Mapping[str, Any]) -> RefType:
    return FUNCREF if record["flags"] & 4 else _REF_FUNC


def _elem_has_expressions(record: Mapping[str, Any]) -> bool:
    return bool(record["flags"] & 4)


def _data_mode(record: Mapping[str, Any]) -> str:
    return "active" if _active(record) else "passive"


_REF_FUNC: Final = RefType(False, FUNC)
_DESC: Final = {
    "function": U32,
    "table": TABLE_TYPE,
    "memory": MEMORY_TYPE,
    "global": GLOBAL_TYPE,
    "tag": TAG_TYPE,
}
_IMPORT: Final = Record(
    "module" / Name,
    "name" / Name,
    "kind" / Kernel(_read_kind, _KIND_CODES.__getitem__),
    "desc" / Switch(this.kind, _DESC),
)
_GLOBAL: Final = Record("type" / GLOBAL_TYPE, "init" / Expression())
_EXPORT: Final = Record("name" / Name, "kind" / Kernel(_read_export_kind, _KIND_CODES.__getitem__), "index" / U32)
_ELEM: Final = Record(
    "flags" / _read_flags("element segment", 7),
    "mode" / Computed(_elem_mode),
    "table" / If(_names_space, U32),
    "offset" / If(_active, Expression()),
    "kind" / If(_elem_has_kind, Kernel(_read_elem_kind, write_byte)),
    "type" / IfThenElse(_elem_has_type, REF_TYPE, Computed(_elem_default_type)),
    "items" / IfThenElse(_elem_has_expressions, Vector("item", Expression()), Indices),
)
_DATA: Final = Record(
    "flags" / _read_flags("data segment", 2),
    "mode" / Computed(_data_mode),
    "memory" / If(_names_space, U32),
    "offset" / If(_active, Expression()),
    "data" / Blob(),
)


def _closed(content: Construct) -> Construct:
    """``content`` and nothing after it."""
    return FocusedSeq("content", "content" / content, Terminated)


ENTRIES: Final[Mapping[int, Construct]] = {
    2: _IMPORT,
    3: U32,
    4: _TableForm(),
    5: MEMORY_TYPE,
    13: TAG_TYPE,
    6: _GLOBAL,
    7: _EXPORT,
    9: _ELEM,
    11: _DATA,
}
"""One entry of each section that is a vector of them."""
ENTRY_NAMES: Final[Mapping[int, str]] = {
    1: "type", 2: "import", 3: "func", 4: "table", 5: "memory", 13: "tag", 6: "global", 7: "export", 9: "elem",
    10: "func", 11: "data",
}  # fmt: skip
"""What an entry is called in a path."""


def _entries(section_id: int) -> Construct:
    return _closed(Vector(ENTRY_NAMES[section_id], ENTRIES[section_id]))


SECTIONS: Final[Mapping[int, Construct]] = {
    0: Record("name" / Name, "data" / Rest()),
    1: _closed(Record("groups" / Vector("group", REC_TYPE))),
    2: _entries(2),
    3: _closed(Indices),
    4: _entries(4),
    5: _entries(5),
    13: _entries(13),
    6: _entries(6),
    7: _entries(7),
    8: _closed(U32),
    9: _entries(9),
    12: _closed(U32),
    10: _closed(_CodeEntries()),
    11: _entries(11),
}


def section_path(section_id: int) -> str:
    """How a place in a section starts: "code section"."""
    return f"{ORDER.get(section_id, 'custom')} section"


def parse_section(section_id: int, buf: Buffer, start: int, end: int) -> Any:
    """Read the contents ``start`` to ``end`` of a section, its size not included.

    Raises MalformedError with the absolute offset and a path like "import section", "import[3]"; LimitError if there
    are more entries than any engine takes.
    """
    construct, path = SECTIONS[section_id], section_path(section_id)
    try:
        return parse(construct, Window(buf, start, end), path)
    except MalformedError as error:
        if error.position.offset != end or end == len(buf):
            raise
        refused = error
    # The contents reach beyond the section. The specification's decoder reads on regardless and compares with the size
    # afterwards; what it stumbles over on the way says more than that the section is too short.
    parse(construct, Window(buf, start, len(buf)), path)
    raise refused


def parse(construct: Construct, window: Window, path: str) -> Any:
    """Read ``construct`` from ``window``; errors come out as ``WasmError`` within ``path``, nothing else does."""
    try:
        return construct.parse_stream(window)
    except WasmError as error:
        error.within(path)
        raise
    except ConstructError as error:
        raise translate(error, window).within(path) from error


def build_section(section_id: int, record: Any, buf: Buffer, rewrite: Rewrite | None = None) -> bytes:
    """Write the contents of a section, its size not included.

    Spans in ``record`` are of ``buf``; ``rewrite`` writes the expressions among them, else they are copied. Raises
    InternalError for a record that does not have the shape of its section.
    """
    return build(SECTIONS[section_id], record, Sink(buf, rewrite), section_path(section_id))


def build(construct: Construct, record: Any, sink: Sink, path: str) -> bytes:
    """Write ``record`` as ``construct`` into ``sink`` and give what it collected."""
    try:
        construct.build_stream(record, sink)
    except (ConstructError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise InternalError(f"cannot write {path}: {error}") from error
    return sink.getvalue()
