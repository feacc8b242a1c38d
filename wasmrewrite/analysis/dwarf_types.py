"""Types of debug information as declared types: what C and Rust call them, with the compiler's own offsets.

Everything that cannot be said as a declared type, or that leaves open which bytes hold what, is refused with a reason.
Not here: which function has which type (``dwarf``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..contract import Array, DeclaredType, Field, Scalar, Struct
from ..errors import ConfigError, LimitError, RewriteError
from ..isa.types import NumType
from .dwarf_entries import Entry
from .sret import MAX_SLOTS, Layout, layout

MAX_NESTING: Final = 48
_WRAPPERS: Final = frozenset(
    {"typedef", "const_type", "volatile_type", "restrict_type", "atomic_type", "template_alias"}
)
_POINTERS: Final = frozenset({"pointer_type", "reference_type", "rvalue_reference_type"})
_RECORDS: Final = frozenset({"structure_type", "class_type"})
_BIT_FIELD: Final = ("bit_size", "bit_offset", "data_bit_offset")
_REFUSED: Final = {
    "union_type": "a union",
    "unspecified_type": "a type without a description",
    "ptr_to_member_type": "a pointer to a member",
    "subroutine_type": "a function",
}
# By DW_ATE value (DWARF 5, table 7.11) and size in bytes.
_SCALARS: Final = {
    (0x02, 1): "bool",
    (0x04, 4): "f32", (0x04, 8): "f64",
    (0x05, 1): "i8", (0x05, 2): "i16", (0x05, 4): "i32", (0x05, 8): "i64", (0x05, 16): "i128",
    (0x06, 1): "i8",
    (0x07, 1): "u8", (0x07, 2): "u16", (0x07, 4): "u32", (0x07, 8): "u64", (0x07, 16): "u128",
    (0x08, 1): "u8",
    (0x10, 1): "u8", (0x10, 2): "u16", (0x10, 4): "char",
}  # fmt: skip
_ZERO_SIZED: Final = "zero-sized"
_VECTOR: Final = 16
"""Bytes of the only vectors there are."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A declared type with what follows from it: ``size``, ``align`` as declared, and how many ``scalars`` it has."""

    type: DeclaredType
    size: int
    align: int
    scalars: int


class Types:
    """Reads types, each entry once. ``address`` is the type of pointers into memory."""

    def __init__(self, address: NumType) -> None:
        self.address = address
        self._known: dict[tuple[bool, int], Shape | str] = {}

    def layout(self, declared: DeclaredType) -> Layout:
        """Where its scalars lie. Raises ``RewriteError``."""
        try:
            return layout(declared, self.address)
        except ConfigError as error:
            raise RewriteError(error.message) from error

    def shape(self, entry: Entry, depth: int = 0) -> Shape:
        """What the type at ``entry`` is. Raises ``RewriteError`` with the reason if it cannot be said.

        Raises ``MalformedError`` and ``LimitError`` as entries do.
        """
        known = self._known.get(entry.key)
        if known is None:
            if depth > MAX_NESTING:
                raise LimitError(f"a type is nested more than {MAX_NESTING} deep")
            try:
                known = self._read(self._peeled(entry), depth)
            except RewriteError as error:
                known = error.message
            self._known[entry.key] = known
        if isinstance(known, str):
            raise RewriteError(known)
        return known

    def _peeled(self, entry: Entry) -> Entry:
        for _ in range(MAX_NESTING):
            if entry.tag not in _WRAPPERS:
                return entry
            inner = entry.target("type")
            if inner is None:
                raise RewriteError("a name for no type")
            entry = inner
        raise LimitError(f"a type has more than {MAX_NESTING} names")

    def _read(self, entry: Entry, depth: int) -> Shape:
        tag = entry.tag
        if tag == "base_type":
            return self._base(entry)
        if tag in _POINTERS:
            return self._pointer(entry)
        if tag == "enumeration_type":
            return self._enumeration(entry, depth)
        if tag == "array_type":
            return self._array(entry, depth)
        if tag in _RECORDS:
            return self._record(entry, depth)
        raise RewriteError(f"{_REFUSED.get(tag, f'a {tag}')} has no declared type")

    def _scalar(self, name: str) -> Shape:
        found = self.layout(Scalar(name))
        return Shape(Scalar(name), found.size, found.align, 1)

    def _base(self, entry: Entry) -> Shape:
        size, encoding = entry.number("byte_size"), entry.number("encoding")
        if size == 0:
            raise RewriteError(f"it is {_ZERO_SIZED}")
        name = _SCALARS.get((encoding or 0, size or 0))
        if name is None or any(map(entry.has, _BIT_FIELD)):
            raise RewriteError(f"{_named(entry)} ({size} bytes, encoding {encoding}) has no declared type")
        return self._scalar(name)

    def _pointer(self, entry: Entry) -> Shape:
        found = self._scalar("ptr")
        size = entry.number("byte_size")
        if entry.has("byte_size") and size != found.size:
            raise RewriteError(f"a pointer of {size} bytes has no declared type")
        return found

    def _enumeration(self, entry: Entry, depth: int) -> Shape:
        inner = entry.target("type")
        if inner is None:
            raise RewriteError(f"enum {_named(entry)} does not say of which type it is")
        found = self.shape(inner, depth + 1)
        if not isinstance(found.type, Scalar) or entry.number("byte_size") not in (None, found.size):
            raise RewriteError(f"enum {_named(entry)} is no scalar")
        return found

    # --- arrays -----------------------------------------------------------------------------------------------------

    def _array(self, entry: Entry, depth: int) -> Shape:
        inner = entry.target("type")
        if inner is None or entry.has("byte_stride"):
            raise RewriteError("an array with gaps has no declared type")
        found = self.shape(inner, depth + 1)
        counts = _counts(entry)
        if entry.has("GNU_vector"):
            return self._vector(found.size * sum(counts))
        if not counts or 0 in counts:
            raise RewriteError(f"it is {_ZERO_SIZED}" if counts else "an array does not say how long it is")
        for count in reversed(counts):
            if found.scalars * count > MAX_SLOTS:
                raise RewriteError(f"it has more than {MAX_SLOTS} scalars")
            found = Shape(Array(found.type, count), found.size * count, found.align, found.scalars * count)
        return found

    def _vector(self, size: int) -> Shape:
        if size != _VECTOR:
            raise RewriteError(f"a vector of {size} bytes has no declared type")
        return self._scalar("v128")

    # --- structs ----------------------------------------------------------------------------------------------------

    def _record(self, entry: Entry, depth: int) -> Shape:
        size = entry.number("byte_size")
        if size is None or entry.has("declaration"):
            raise RewriteError(f"{_named(entry)} is not described in full")
        if size == 0:
            raise RewriteError(f"it is {_ZERO_SIZED}")
        members = [member for each in entry.children() for member in self._members(each, depth)]
        if not members:
            raise RewriteError(f"{_named(entry)} has no member that holds a value")
        scalars = sum(shape.scalars for _, shape, _ in members)
        if scalars > MAX_SLOTS:
            raise RewriteError(f"it has more than {MAX_SLOTS} scalars")
        if entry.text("name") == "v128" and entry.number("alignment") == size == _VECTOR and _are_lanes(members):
            return self._vector(size)
        declared = _declared(members, size, entry.number("alignment"))
        placed = self.layout(declared)
        if placed.size != size:
            raise RewriteError(f"{_named(entry)} has {size} bytes, which its members do not explain")
        return Shape(declared, size, placed.align, scalars)

    def _members(self, entry: Entry, depth: int) -> Iterator[tuple[str | None, Shape, int]]:
        """Name, type and offset, if the child of a struct is a member that takes room."""
        if entry.tag == "variant_part":
            raise RewriteError("an enum with payload has no declared type")
        if entry.tag == "inheritance":
            raise RewriteError("a class with a base class has no declared type")
        if entry.tag != "member" or entry.has("external"):
            return
        if any(map(entry.has, _BIT_FIELD)):
            raise RewriteError("a bit-field has no declared type")
        inner, offset = entry.target("type"), entry.number("data_member_location")
        if inner is None or offset is None or offset < 0:
            raise RewriteError("a member does not say where it lies")
        name = entry.text("name")
        if self._is_empty(inner):
            return
        try:
            yield _field_name(name), self.shape(inner, depth + 1), offset
        except RewriteError as error:
            where = "" if "(member " in error.message else f" (member {name!r})"
            raise RewriteError(error.message + where) from error

    def _is_empty(self, entry: Entry) -> bool:
        """Whether a member takes no room, such as Rust's ``PhantomData``: its bytes belong to others."""
        inner = self._peeled(entry)
        if inner.number("byte_size") == 0:
            return True
        return inner.tag == "array_type" and 0 in _counts(inner)


def _are_lanes(members: list[tuple[str | None, Shape, int]]) -> bool:
    """Whether a struct has the lanes of Rust's ``v128`` and no other members; nobody names any of them."""
    lanes = Array(Scalar("i32"), 4)
    return all(name is None for name, _, _ in members) and (
        [shape.type for _, shape, _ in members] in ([lanes], [Scalar("i32")] * 4)
    )


def _declared(members: list[tuple[str | None, Shape, int]], size: int, stated: int | None) -> Struct:
    """The struct, with offsets, size and alignment only where C would not have chosen them."""
    natural, at, as_c = 1, 0, True
    for _, shape, offset in members:
        at = -(-at // shape.align) * shape.align
        as_c = as_c and offset == at
        at = offset + shape.size
        natural = max(natural, shape.align)
    align = stated or _implied(members, size, natural)
    if as_c and align >= natural:
        fields = tuple(Field(shape.type, name) for name, shape, _ in members)
        if align == natural and -(-at // align) * align == size:
            return Struct(fields)
        return Struct(fields, size, align)
    return Struct(tuple(Field(shape.type, name, offset) for name, shape, offset in members), size, align)


def _implied(members: list[tuple[str | None, Shape, int]], size: int, natural: int) -> int:
    """The largest alignment that offsets and size allow, where a compiler does not state it: packed structs have less
    than their members."""
    align = natural
    while align > 1 and (size % align or any(offset % min(align, shape.align) for _, shape, offset in members)):
        align //= 2
    return align


def _counts(entry: Entry) -> list[int]:
    """Elements of an array, by dimension."""
    return [_count(each) for each in entry.children() if each.tag == "subrange_type"]


def _count(entry: Entry) -> int:
    """Elements of one dimension. Raises ``RewriteError`` if that is no constant."""
    count, upper = entry.number("count"), entry.number("upper_bound")
    found = count if count is not None else None if upper is None else upper + 1
    if found is None or found < 0 or entry.number("lower_bound") not in (None, 0):
        raise RewriteError("an array does not say how long it is")
    return found


def _field_name(name: str | None) -> str | None:
    """The name of a member, if a declared type can carry it; members of tuples are called ``__0``, ``__1``."""
    if name is None or not name.isascii() or not name.isidentifier() or (name[:2] == "__" and name[2:].isdecimal()):
        return None
    return name


def _named(entry: Entry) -> str:
    return repr(entry.text("name") or entry.tag)
