"""Where the fields of a declared type lie in memory: the judge's own reckoning, so that no mistake counts twice.

A declared type (``contract.interface``) becomes a flat list of scalars in declaration order, each with its offset; from
that follow the results a by-value function must have, how to read them from memory and how to write them there. Not
here: calling anything (``running_module``), choosing values (``values``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...contract import Array, DeclaredType, Scalar, Struct
from ...errors import ConfigError
from ...isa.types import F32, F64, I32, I64, V128, NumType

MAX_RESULTS: Final = 1000
"""More results than this no engine takes; an array of a million bytes is refused before it is spread out."""

_BYTES: Final = {
    "bool": 1, "u8": 1, "i8": 1, "u16": 2, "i16": 2, "u32": 4, "i32": 4, "f32": 4, "char": 4,
    "u64": 8, "i64": 8, "f64": 8, "u128": 16, "i128": 16, "v128": 16,
}  # fmt: skip
_AS_ADDRESSES: Final = frozenset({"ptr", "usize", "isize"})
_SIGNED: Final = frozenset({"i8", "i16"})
_OTHERS: Final = {"f32": F32, "f64": F64, "v128": V128}
"""Scalars that are no integers."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar: ``path`` is how a person would write the way to it, ``size`` and ``offset`` are in bytes."""

    path: str
    scalar: str
    offset: int
    size: int

    @property
    def types(self) -> tuple[NumType, ...]:
        """The value types it is returned as: small integers as i32, 128 bits as two i64, low half first."""
        if self.scalar in _OTHERS:
            return (_OTHERS[self.scalar],)
        if self.size == 16:
            return (I64, I64)
        return (I64,) if self.size == 8 else (I32,)

    def read(self, data: bytes) -> list[int]:
        """Its wasm values (unsigned; floats and vectors as bits) out of ``data``, which holds the whole object."""
        raw = data[self.offset : self.offset + self.size]
        if len(self.types) == 2:
            return [int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")]
        value = int.from_bytes(raw, "little", signed=self.scalar in _SIGNED)
        return [value & 0xFFFF_FFFF if self.size <= 4 else value]

    def write(self, values: Sequence[int | bytes]) -> bytes:
        """Its bytes for wasm values as ``read`` gives them, or as the runtime holds them: exactly ``size`` of them."""
        plain = [int.from_bytes(each, "little") if isinstance(each, bytes) else each for each in values]
        if len(self.types) == 2:
            return b"".join(value.to_bytes(8, "little") for value in plain)
        return (plain[0] & ((1 << (8 * self.size)) - 1)).to_bytes(self.size, "little")


@dataclass(frozen=True, slots=True)
class Layout:
    """A declared type in memory: ``size`` and ``align`` in bytes, ``leaves`` in declaration order."""

    size: int
    align: int
    leaves: tuple[Leaf, ...]

    @property
    def types(self) -> tuple[NumType, ...]:
        """The results of a function that returns it by value."""
        return tuple(kind for leaf in self.leaves for kind in leaf.types)

    def read(self, data: bytes) -> list[int]:
        """The results that the object in ``data`` stands for."""
        return [value for leaf in self.leaves for value in leaf.read(data)]

    def held(self, values: Sequence[int]) -> list[object]:
        """What ``read`` gives as the runtime holds it: vectors are 16 bytes."""
        pairs = zip(self.types, values, strict=True)
        return [value.to_bytes(16, "little") if kind is V128 else value for kind, value in pairs]

    def write(self, values: Sequence[int | bytes]) -> list[tuple[int, bytes]]:
        """What a function that returns ``values`` stores: pairs (offset, bytes), in declaration order."""
        stores: list[tuple[int, bytes]] = []
        at = 0
        for leaf in self.leaves:
            count = len(leaf.types)
            stores.append((leaf.offset, leaf.write(values[at : at + count])))
            at += count
        return stores

    def padding(self) -> list[tuple[int, int]]:
        """Ranges (start, end) of bytes that belong to no scalar, ascending."""
        gaps: list[tuple[int, int]] = []
        at = 0
        for start, end in sorted((leaf.offset, leaf.offset + leaf.size) for leaf in self.leaves):
            if start > at:
                gaps.append((at, start))
            at = max(at, end)
        if at < self.size:
            gaps.append((at, self.size))
        return gaps

    def owner(self, offset: int) -> str:
        """The path of the first scalar that covers byte ``offset``, or "padding"."""
        for leaf in self.leaves:
            if leaf.offset <= offset < leaf.offset + leaf.size:
                return leaf.path
        return "padding"


def layout(declared: DeclaredType, pointer_size: int = 4) -> Layout:
    """Lay ``declared`` out as C does, except where offsets, size or alignment are stated.

    Raises ``ConfigError``: more than ``MAX_RESULTS`` scalars, a stated size that is too small, an alignment that is no
    power of two.
    """
    if _count(declared) > MAX_RESULTS:
        raise ConfigError(f"declared type has more than {MAX_RESULTS} scalars")
    size, align = _measure(declared, pointer_size)
    return Layout(size, align, tuple(_leaves(declared, "", 0, pointer_size)))


def _count(declared: DeclaredType) -> int:
    if isinstance(declared, Scalar):
        return 1
    if isinstance(declared, Array):
        return declared.count * _count(declared.element)
    return sum(_count(field.type) for field in declared.fields)


def _scalar_size(scalar: Scalar, pointer_size: int) -> int:
    return pointer_size if scalar.name in _AS_ADDRESSES else _BYTES[scalar.name]


def _round_up(value: int, align: int) -> int:
    return -(-value // align) * align


def _measure(declared: DeclaredType, pointer_size: int) -> tuple[int, int]:
    if isinstance(declared, Scalar):
        size = _scalar_size(declared, pointer_size)
        return size, size
    if isinstance(declared, Array):
        size, align = _measure(declared.element, pointer_size)
        return size * declared.count, align
    end, align = 0, 1
    for offset, member in _members(declared, pointer_size):
        size, natural = _measure(member, pointer_size)
        end = max(end, offset + size)
        # A member that lies off its natural alignment says that the struct is packed.
        align = max(align, natural if offset % natural == 0 else 1)
    return _stated(declared, end, align)


def _stated(declared: Struct, end: int, align: int) -> tuple[int, int]:
    if declared.align is not None:
        align = declared.align
        if align < 1 or align & (align - 1):
            raise ConfigError(f"declared type {declared}: alignment {align} is no power of two")
    if declared.size is None:
        return _round_up(end, align), align
    if declared.size < end:
        raise ConfigError(f"declared type {declared}: size {declared.size}, but its fields take {end} bytes")
    return declared.size, align


def _members(declared: Struct, pointer_size: int) -> Iterator[tuple[int, DeclaredType]]:
    at = 0
    for field in declared.fields:
        size, align = _measure(field.type, pointer_size)
        at = _round_up(at, align) if field.offset is None else field.offset
        yield at, field.type
        at += size


def _leaves(declared: DeclaredType, path: str, base: int, pointer_size: int) -> Iterator[Leaf]:
    if isinstance(declared, Scalar):
        yield Leaf(path or "value", declared.name, base, _scalar_size(declared, pointer_size))
    elif isinstance(declared, Array):
        size, _ = _measure(declared.element, pointer_size)
        # Elements without scalars may be a million, and have nothing to give.
        for index in range(declared.count if _count(declared.element) else 0):
            yield from _leaves(declared.element, f"{path}[{index}]", base + index * size, pointer_size)
    else:
        places = _members(declared, pointer_size)
        for index, (field, (offset, _)) in enumerate(zip(declared.fields, places, strict=True)):
            name = field.name or str(index)
            yield from _leaves(field.type, f"{path}.{name}" if path else name, base + offset, pointer_size)
