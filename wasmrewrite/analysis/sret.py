"""Where the scalars of a result lie that is returned through a pointer: the rewriter's reckoning.

A declared type becomes a flat list of ``Slot``: which wasm value, at which offset, by which load and store. The judge
has its own code for the same question, on purpose. Not here: guessing layouts from code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..contract import ADDRESSES, Array, DeclaredType, Scalar, Struct
from ..errors import ConfigError
from ..isa.types import F32, F64, I32, I64, V128, NumType

MAX_SLOTS: Final = 1000
"""More results than this no engine takes."""


@dataclass(frozen=True, slots=True)
class Access:
    """How one wasm value is kept in memory: ``size`` bytes, and the instructions that read and write exactly those."""

    type: NumType
    size: int
    load: str
    store: str


_I32: Final = Access(I32, 4, "i32.load", "i32.store")
_I64: Final = Access(I64, 8, "i64.load", "i64.store")
_U8: Final = Access(I32, 1, "i32.load8_u", "i32.store8")
_ACCESSES: Final = MappingProxyType(
    {
        "bool": (_U8,),
        "u8": (_U8,),
        "i8": (Access(I32, 1, "i32.load8_s", "i32.store8"),),
        "u16": (Access(I32, 2, "i32.load16_u", "i32.store16"),),
        "i16": (Access(I32, 2, "i32.load16_s", "i32.store16"),),
        "u32": (_I32,),
        "i32": (_I32,),
        "char": (_I32,),
        "u64": (_I64,),
        "i64": (_I64,),
        "u128": (_I64, _I64),
        "i128": (_I64, _I64),
        "f32": (Access(F32, 4, "f32.load", "f32.store"),),
        "f64": (Access(F64, 8, "f64.load", "f64.store"),),
        "v128": (Access(V128, 16, "v128.load", "v128.store"),),
    }
)
"""Small integers are extended as the C ABI wants direct results; 128 bits are two values, low half first."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One result: ``offset`` in bytes from the start of the object; ``scalar`` is the declared type it belongs to."""

    offset: int
    scalar: str
    access: Access

    @property
    def type(self) -> NumType:
        """Its type as a wasm result."""
        return self.access.type


@dataclass(frozen=True, slots=True)
class Layout:
    """A declared type in memory: ``slots`` in declaration order; ``size`` and ``align`` in bytes."""

    slots: tuple[Slot, ...]
    size: int
    align: int

    @property
    def types(self) -> tuple[NumType, ...]:
        """The results of a function that returns it by value."""
        return tuple(slot.type for slot in self.slots)


def layout(declared: DeclaredType, address: NumType = I32) -> Layout:
    """Lay ``declared`` out as ``repr(C)`` does, or as its stated offsets, size and alignment say.

    ``address`` is the type of pointers.
    Raises ``ConfigError``: fields overlap, are misaligned or do not fit the stated size; an alignment is no power of
    two; more than ``MAX_SLOTS`` values.
    """
    if _count(declared) > MAX_SLOTS:
        raise ConfigError(f"declared type {_short(declared)} has more than {MAX_SLOTS} scalars")
    size, align = _measure(declared, address)
    return Layout(tuple(_slots(declared, 0, address)), size, align)


def _count(declared: DeclaredType) -> int:
    if isinstance(declared, Scalar):
        return 1
    if isinstance(declared, Array):
        return declared.count * _count(declared.element)
    return sum(_count(field.type) for field in declared.fields)


def _accesses(scalar: Scalar, address: NumType) -> tuple[Access, ...]:
    if scalar.name in ADDRESSES:
        return (_I64 if address is I64 else _I32,)
    return _ACCESSES[scalar.name]


def _measure(declared: DeclaredType, address: NumType) -> tuple[int, int]:
    """Size and alignment."""
    if isinstance(declared, Scalar):
        size = sum(access.size for access in _accesses(declared, address))
        return size, size
    if isinstance(declared, Array):
        size, align = _measure(declared.element, address)
        return size * declared.count, align
    placed = list(_placed(declared, address))
    natural = max((align for _, _, align in placed), default=1)
    align = natural if declared.align is None else declared.align
    end = max((offset + size for offset, size, _ in placed), default=0)
    _check(declared, placed, end, align)
    return (_round_up(end, align) if declared.size is None else declared.size), align


def _placed(declared: Struct, address: NumType) -> Iterator[tuple[int, int, int]]:
    """Offset, size and alignment of every field."""
    at = 0
    for field in declared.fields:
        size, align = _measure(field.type, address)
        at = _round_up(at, align) if field.offset is None else field.offset
        yield at, size, align
        at += size


def _check(declared: Struct, placed: list[tuple[int, int, int]], end: int, align: int) -> None:
    if align < 1 or align & (align - 1):
        raise _wrong(declared, f"alignment {align} is no power of two")
    packed = any(natural > align for _, _, natural in placed)
    if packed and any(field.offset is None for field in declared.fields):
        raise _wrong(declared, f"alignment {align} is less than that of its fields; give their offsets")
    for (offset, _, natural), field in zip(placed, declared.fields, strict=True):
        if offset % min(natural, align):
            raise _wrong(declared, f"field {field} is not aligned to {min(natural, align)}")
    last = 0
    for offset, size, _ in sorted(place for place in placed if place[1]):
        if offset < last:
            raise _wrong(declared, f"fields overlap at offset {offset}")
        last = offset + size
    if declared.size is not None and (declared.size < end or declared.size % align):
        raise _wrong(declared, f"size {declared.size} does not fit: fields end at {end}, alignment is {align}")


def _slots(declared: DeclaredType, base: int, address: NumType) -> Iterator[Slot]:
    if isinstance(declared, Scalar):
        for access in _accesses(declared, address):
            yield Slot(base, declared.name, access)
            base += access.size
    elif isinstance(declared, Array):
        size, _ = _measure(declared.element, address)
        for at in range(declared.count if _count(declared.element) else 0):
            yield from _slots(declared.element, base + at * size, address)
    else:
        for field, (offset, _, _) in zip(declared.fields, _placed(declared, address), strict=True):
            yield from _slots(field.type, base + offset, address)


def _round_up(value: int, align: int) -> int:
    return -(-value // align) * align


def _wrong(declared: Struct, why: str) -> ConfigError:
    return ConfigError(f"declared type {_short(declared)}: {why}")


def _short(declared: DeclaredType) -> str:
    text = str(declared)
    return text if len(text) <= 80 else text[:77] + "..."
