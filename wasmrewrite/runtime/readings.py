"""Integers read as somebody declared them: ``u32`` unsigned, ``i32`` signed, ``bool``, ``char``.

Without a declaration an integer is signed going out and of either sign going in (``values``). Not here: fields behind
a pointer, which stay pointers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from ..contract import Array, Declaration, DeclaredType, Scalar
from ..errors import ConfigError
from ..isa.types import F32, F64, I32, I64, V128, FuncType, NumType, ValType
from .values import Value, number_of, reader, signed, to_python

Readings: TypeAlias = tuple[str | None, ...]
"""A declared scalar for each parameter or result, None where nothing is declared."""

_TWO_WORDS: Final = ("u128", "i128")
_LARGEST_CHAR: Final = 0x10FFFF
_CARRIERS: Final[dict[str, tuple[NumType, ...]]] = {
    **dict.fromkeys(("bool", "char", "u8", "i8", "u16", "i16", "u32", "i32"), (I32,)),
    **dict.fromkeys(("u64", "i64"), (I64,)),
    **dict.fromkeys(("ptr", "usize", "isize"), (I32, I64)),
    "f32": (F32,),
    "f64": (F64,),
    "v128": (V128,),
}
"""The number types that carry a scalar."""


def _scalars(declared: DeclaredType) -> Iterator[str]:
    """The scalars of a type in order; as lazy as its reader, as arrays may be long."""
    if isinstance(declared, Scalar):
        yield declared.name
    elif isinstance(declared, Array):
        for _ in range(declared.count):
            yield from _scalars(declared.element)
    else:
        for field in declared.fields:
            yield from _scalars(field.type)


def _read(declared: Sequence[DeclaredType], types: Sequence[ValType]) -> Readings | None:
    """A reading for each of ``types``; None if the declared types are not carried by them."""
    found: list[str | None] = []
    for name in (name for each in declared for name in _scalars(each)):
        if len(found) >= len(types):
            return None
        if name in _TWO_WORDS:
            found += [None, None]
            continue
        if types[len(found)] not in _CARRIERS.get(name, ()):
            return None
        found.append(name)
    return tuple(found) if len(found) == len(types) else None


def param_readings(declared: Declaration, type: FuncType) -> Readings:
    """How the arguments of a function are read. Raises ``ConfigError`` if it has other parameters than declared."""
    plain: Readings = (None,) * len(type.params)
    if declared.params is None or not all(isinstance(each, Scalar) for each in declared.params):
        return plain  # how a structure is passed is up to the compiler
    found = _read(declared.params, type.params)
    if found is None and declared.by_value and not type.results:
        at = declared.pointer
        rest = _read(declared.params, type.params[:at] + type.params[at + 1 :])
        found = None if rest is None else (*rest[:at], None, *rest[at:])
    if found is None:
        raise ConfigError(f"the interface declares other parameters of {declared.name!r} than {type}")
    return found


def result_readings(declared: Declaration, type: FuncType) -> Readings:
    """How the results are read; not at all where they still go through a pointer. Raises ``ConfigError``."""
    plain: Readings = (None,) * len(type.results)
    if declared.result is None or (declared.by_value and not type.results):
        return plain
    found = _read((declared.result,), type.results)
    if found is None:
        raise ConfigError(f"the interface declares another result of {declared.name!r} than {type}")
    return found


def _width(type: NumType) -> int:
    return 8 * type.size


def read_out(type: ValType, value: Value, declared: str | None) -> Any:
    """Bits as declared; as signed where the value does not fit what was declared, or nothing was."""
    if declared is None or (type is not I32 and type is not I64):
        return to_python(type, value)
    if declared == "bool" and value in (0, 1):
        return bool(value)
    if declared == "char":
        return chr(value) if value <= _LARGEST_CHAR else to_python(type, value)
    return value if _unsigned(declared) else signed(value, _width(type))


def readers(types: Sequence[ValType], declared: Readings | None) -> tuple[Callable[[Value], Any], ...]:
    """``read_out`` for each of ``types``."""
    return tuple(
        reader(type) if name is None else partial(read_out, type, declared=name)
        for type, name in zip(types, declared or (None,) * len(types), strict=True)
    )


def _unsigned(declared: str) -> bool:
    return declared[0] == "u" or declared == "ptr"


def read_in(type: ValType, value: Any, declared: str | None) -> Any:
    """What ``from_python`` takes, checked against what was declared. Raises ``TypeError`` or ``ValueError``."""
    if declared is None or (type is not I32 and type is not I64):
        return value
    if declared == "char" and isinstance(value, str) and len(value) == 1:
        return ord(value)
    number = number_of(value, declared)
    low, high = _range(declared, type)
    if not low <= number <= high:
        raise ValueError(f"{number} is outside the range of {declared}")
    return number


def _range(declared: str, type: ValType) -> tuple[int, int]:
    if declared == "bool":
        return 0, 1
    if declared == "char":
        return 0, _LARGEST_CHAR
    digits = declared[1:]
    bits = int(digits) if digits.isdecimal() else 64 if type is I64 else 32
    return (0, (1 << bits) - 1) if _unsigned(declared) else (-1 << bits - 1, (1 << bits - 1) - 1)
