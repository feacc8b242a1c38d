"""What the corpus's own sources declare, read from their text: the truth about exports, owed to no compiler.

Understands what the sources hold of Rust and C, and fails on anything else. Offsets are worked out by the rules of C,
for what is ``repr(C)`` or C; Rust leaves them open for tuples and strings, and so does this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tests.helpers.external import ROOT

SIZES = {
    "bool": 1, "u8": 1, "i8": 1, "u16": 2, "i16": 2, "u32": 4, "i32": 4, "char": 4, "f32": 4, "ptr": 4,
    "u64": 8, "i64": 8, "f64": 8, "u128": 16, "i128": 16,
}  # fmt: skip
_RUST_WORDS = {**{each: each for each in SIZES if each != "ptr"}, "usize": "u32", "isize": "i32"}
_C_WORDS = {
    "int8_t": "i8", "uint8_t": "u8", "int16_t": "i16", "uint16_t": "u16", "int32_t": "i32", "uint32_t": "u32",
    "int64_t": "i64", "uint64_t": "u64", "bool": "bool", "float": "f32", "double": "f64",
}  # fmt: skip


@dataclass(frozen=True)
class Scalar:
    """A scalar by the name it has in declared types."""

    name: str


@dataclass(frozen=True)
class Record:
    """A struct or tuple. ``fixed``: C's rules say where members lie; otherwise the compiler chose."""

    members: tuple[tuple[str | None, Type], ...]
    fixed: bool
    packed: bool = False
    align: int = 1


@dataclass(frozen=True)
class Row:
    """An array."""

    of: Type
    count: int


@dataclass(frozen=True)
class Unsayable:
    """A type whose bytes mean different things at different times: union, payload, bit-field."""

    why: str


Type: TypeAlias = Scalar | Record | Row | Unsayable


@dataclass
class Function:
    """An exported function as its source has it; no result is None."""

    name: str
    params: list[Type]
    result: Type | None


@dataclass
class Layout:
    """Scalars in the order of their declaration with names of members on the way; ``offsets`` where C fixes them."""

    scalars: list[str] = field(default_factory=list)
    paths: list[tuple[str | int | None, ...]] = field(default_factory=list)
    offsets: list[int] | None = field(default_factory=list)
    size: int = 0
    align: int = 1


def lay_out(of: Type, wide: int) -> Layout:
    """By the rules of C; ``wide`` is the alignment of 128-bit integers, which old compilers had at 8."""
    if isinstance(of, Scalar):
        size = SIZES[of.name]
        return Layout([of.name], [()], [0], size, wide if size == 16 else size)
    if isinstance(of, Row):
        members: list[tuple[str | int | None, Type]] = [(at, of.of) for at in range(of.count)]
        return _sequence(members, wide, True, False, 1)
    assert isinstance(of, Record), of
    return _sequence(list(of.members), wide, of.fixed, of.packed, of.align)


def _sequence(members: list[tuple[str | int | None, Type]], wide: int, fixed: bool, packed: bool, align: int) -> Layout:
    found = Layout(align=align)
    for name, each in members:
        inner = lay_out(each, wide)
        if inner.size == 0:
            continue
        step = 1 if packed else inner.align
        start = -(-found.size // step) * step
        found.scalars += inner.scalars
        found.paths += [(name, *path) for path in inner.paths]
        if inner.offsets is None or not fixed:
            found.offsets = None
        elif found.offsets is not None:
            found.offsets += [start + offset for offset in inner.offsets]
        found.size, found.align = start + inner.size, max(found.align, step)
    found.size = -(-found.size // found.align) * found.align
    return found


# --- Rust -------------------------------------------------------------------------------------------------------------

_STRUCT = re.compile(
    r"(?P<attributes>(?:#\[[^\n]*\]\n)*)(?:pub )?(?P<kind>struct|enum|union) (?P<name>\w+) \{\n(?P<body>.*?)\n\}",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r"""\#\[(?:no_mangle|export_name\ =\ "(?P<export>[^"]*)")\]\s*pub\ (?:unsafe\ )?(?:extern\ "C"\ )?
    fn\ (?P<name>\w+)\((?P<params>[^{]*?)\)(?:\ ->\ (?P<result>[^{]*?))?\s*\{""",
    re.VERBOSE,
)


class RustSource:
    """One of the corpus's Rust files."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.structs = {found["name"]: found for found in _STRUCT.finditer(text)}

    def functions(self) -> Iterator[Function]:
        """The functions that it exports."""
        for found in _FUNCTION.finditer(self.text):
            params = [self._param(each) for each in split(found["params"])]
            result = None if found["result"] is None else self.type(found["result"].strip())
            yield Function(found["export"] or found["name"], params, result)

    def _param(self, text: str) -> Type:
        return Scalar("ptr") if text in ("&self", "&mut self") else self.type(text.partition(":")[2].strip())

    def type(self, text: str) -> Type:
        """A type by its name."""
        if text in _RUST_WORDS:
            return Scalar(_RUST_WORDS[text])
        if text in ("&'static str", "&str"):
            return Record(((None, Scalar("ptr")), (None, Scalar("u32"))), fixed=False)
        if text[0] in "&*" or re.match(r"(?:unsafe )?extern ", text):
            return Scalar("ptr")
        if text[0] == "(":
            return Record(tuple((None, self.type(each)) for each in split(text[1:-1])), fixed=False)
        if text[0] == "[":
            of, _, count = text[1:-1].rpartition(";")
            return Row(self.type(of.strip()), int(count))
        if text.startswith(("Option<", "MaybeUninit<")):
            return Unsayable(text)
        return self._struct(self.structs[text])

    def _struct(self, found: re.Match[str]) -> Type:
        if found["kind"] != "struct":
            return Unsayable(found["kind"])
        attributes = found["attributes"]
        assert "repr(C" in attributes, found["name"]
        align = re.search(r"align\((\d+)\)", attributes)
        members = [each.partition(":") for each in split(found["body"])]
        types = [(name.strip(), self.type(of.strip())) for name, _, of in members]
        unsayable = next((each for _, each in types if isinstance(each, Unsayable)), None)
        if unsayable is not None:
            return unsayable
        return Record(tuple(types), True, "packed" in attributes, int(align[1]) if align else 1)


def split(text: str) -> list[str]:
    """Parts between commas that stand in no brackets."""
    parts, depth, part = [], 0, ""
    for char in text.replace("->", "→"):
        depth += (char in "([<{") - (char in ")]>}")
        if char == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += char
    return [found for each in (*parts, part) if (found := each.strip())]


# --- C ----------------------------------------------------------------------------------------------------------------

_TYPEDEF = re.compile(r"typedef (?P<kind>struct|union) \{(?P<body>.*?)\} (?P<name>\w+);", re.DOTALL)
_EXPORT = re.compile(r"EXPORT\((?P<name>\w+)\) (?P<result>\w+) (?P=name)\((?P<params>[^)]*)\) \{")
_MEMBER = re.compile(r"(?P<type>\w+) (?P<name>\w+)(?:\[(?P<count>\d+)\])?(?P<bits> : \d+)?")


class CSource:
    """One of the corpus's C files."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.types = {found["name"]: found for found in _TYPEDEF.finditer(text)}

    def functions(self) -> Iterator[Function]:
        """The functions that it exports."""
        for found in _EXPORT.finditer(self.text):
            params = [] if found["params"] == "void" else found["params"].split(", ")
            yield Function(
                found["name"], [self.type(each.rpartition(" ")[0]) for each in params], self.type(found["result"])
            )

    def type(self, name: str) -> Type:
        """A type by its name."""
        if name in _C_WORDS:
            return Scalar(_C_WORDS[name])
        found = self.types[name]
        members = [_MEMBER.fullmatch(each.strip()) for each in found["body"].split(";") if each.strip()]
        if found["kind"] == "union" or any(each is None or each["bits"] for each in members):
            return Unsayable(found["kind"])
        return Record(tuple(self._member(each) for each in members if each is not None), fixed=True)

    def _member(self, found: re.Match[str]) -> tuple[str | None, Type]:
        of = self.type(found["type"])
        return found["name"], of if found["count"] is None else Row(of, int(found["count"]))


def exported(source: str) -> dict[str, Function]:
    """By name, the functions that a file of the corpus exports; ``source`` as the manifest has it."""
    path = ROOT / "corpus" / Path(source)
    kind = RustSource if path.suffix == ".rs" else CSource
    return {each.name: each for each in kind(path.read_text("utf-8")).functions()}
