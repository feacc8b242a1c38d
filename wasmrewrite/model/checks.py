"""Whether operands are what an instruction takes, for instructions that people write.

A number out of Python becomes what the bytes need: an i32 of either sign is signed, a Python float becomes the bits of
an f32 or f64 (an int is taken for the bits themselves). Not here: whether code is valid (``validate``).
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable
from typing import Any, Final

from ..isa.immediates import CATCH_NAMES, OperandKind, Shape, Space
from ..isa.op import Op
from ..isa.types import AbsHeap, NumType, RefType, TypeDef

_ARTICLES: Final = {Space.ELEM: "an"}
_FORMATS: Final = {32: "<f", 64: "<d"}
_SIGN: Final = {32: 0x8000_0000, 64: 1 << 63}
_INFINITY: Final = {32: 0x7F80_0000, 64: 0x7FF0_0000_0000_0000}


def checked(op: Op, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """``args`` in the form that is kept. Raises ``TypeError`` or ``ValueError`` that say which operand does not fit."""
    if len(args) != len(op.operands):
        takes = ", ".join(map(str, op.operands)) or "none"
        raise ValueError(f"{op.mnemonic} takes {len(op.operands)} operand(s) ({takes}), not {len(args)}")
    found = []
    for at, (kind, value) in enumerate(zip(op.operands, args, strict=True), 1):
        try:
            found.append(_BY_SHAPE[kind.shape](kind, value))
        except (TypeError, ValueError) as error:
            raise type(error)(f"operand {at} of {op.mnemonic}: {error}") from None
    return tuple(found)


def _said(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to print very long ones
        return f"an int of {value.bit_length()} bits"
    shown = repr(value)
    return shown if len(shown) <= 60 else type(value).__name__


def _wrong(wanted: str, value: object) -> TypeError:
    return TypeError(f"expected {wanted}, found {_said(value)}")


def _integer(value: Any) -> int:
    if isinstance(value, int):
        return value
    try:
        return operator.index(value)
    except TypeError:
        raise _wrong("an int", value) from None


def _unsigned(value: Any, bits: int) -> int:
    number = _integer(value)
    if not 0 <= number < 1 << bits:
        raise ValueError(f"{_said(number)} is outside the range of an unsigned integer of {bits} bits")
    return number


def _signed(bits: int) -> Callable[[OperandKind, Any], int]:
    def check(kind: OperandKind, value: Any) -> int:
        number = _integer(value)
        if not -1 << bits - 1 <= number < 1 << bits:
            raise ValueError(f"{_said(number)} is outside the range of i{bits}")
        return number - (1 << bits) if number >> bits - 1 == 1 else number

    return check


def _float(bits: int) -> Callable[[OperandKind, Any], int]:
    def check(kind: OperandKind, value: Any) -> int:
        if not isinstance(value, float):
            return _unsigned(value, bits)
        try:
            return int.from_bytes(struct.pack(_FORMATS[bits], value), "little")
        except OverflowError:  # beyond the range of f32: infinity, as rounding to nearest has it
            return _INFINITY[bits] | (_SIGN[bits] if value < 0 else 0)

    return check


def _index(kind: OperandKind, value: Any) -> Any:
    space = kind.space
    if space is None or not space.is_module:
        return _unsigned(value, 32)
    return _item(space, value)


def _item(space: Space, value: Any) -> Any:
    """An item is of the space whose index its operand is; a type is a definition."""
    fits = isinstance(value, TypeDef) if space is Space.TYPE else getattr(value, "space", None) is space
    if not fits:
        article = _ARTICLES.get(space, "a")
        raise _wrong(f"{article} {space.value} of the module, not its index", value)
    return value


def _byte(kind: OperandKind, value: Any) -> int:
    number = _unsigned(value, 8)
    if kind.lanes and number >= kind.lanes:
        raise ValueError(f"lane {number} of {kind.lanes} lanes")
    return number


def _sixteen(kind: OperandKind, value: Any) -> Any:
    if isinstance(value, (str, int)):
        raise _wrong("16 bytes", value)
    try:
        size = len(bytes(value))
    except TypeError:
        raise _wrong("16 bytes", value) from None
    if size != 16:
        raise ValueError(f"expected 16 bytes, found {size}")
    return value


def _parts(value: Any, count: int, wanted: str) -> tuple[Any, ...]:
    if not isinstance(value, tuple) or len(value) != count:
        raise _wrong(wanted, value)
    return value


def _memarg(kind: OperandKind, value: Any) -> Any:
    align, offset, memory = _parts(value, 3, "MemArg(align, offset, memory)")
    if _unsigned(align, 32) > 63:
        raise ValueError(f"alignment 2**{align} is too large")
    _unsigned(offset, 64)
    if memory is not None:
        _item(Space.MEMORY, memory)
    return value


def _valtype(value: Any) -> None:
    if not isinstance(value, NumType | RefType):
        raise _wrong("a value type", value)


def _block(kind: OperandKind, value: Any) -> Any:
    if value is not None and not isinstance(value, TypeDef):
        if not isinstance(value, NumType | RefType):
            raise _wrong("a block type: None, a value type or a type of the module", value)
    return value


def _labels(kind: OperandKind, value: Any) -> Any:
    labels, default = _parts(value, 2, "BrTable(labels, default)")
    if not isinstance(labels, tuple):
        raise _wrong("a tuple of labels", labels)
    for each in (*labels, default):
        _unsigned(each, 32)
    return value


def _types(kind: OperandKind, value: Any) -> Any:
    if not isinstance(value, tuple):
        raise _wrong("a tuple of value types", value)
    for each in value:
        _valtype(each)
    return value


def _catches(kind: OperandKind, value: Any) -> Any:
    if not isinstance(value, tuple):
        raise _wrong("a tuple of Catch(kind, tag, label)", value)
    for each in value:
        catch, tag, label = _parts(each, 3, "Catch(kind, tag, label)")
        if _unsigned(catch, 8) >= len(CATCH_NAMES):
            raise ValueError(f"catch kind {catch} is not one of 0 to {len(CATCH_NAMES) - 1}")
        _unsigned(label, 32)
        if catch < 2:
            _item(Space.TAG, tag)
        elif tag is not None:
            raise _wrong(f"no tag for {CATCH_NAMES[catch]}", tag)
    return value


def _heap(kind: OperandKind, value: Any) -> Any:
    wanted = (AbsHeap, TypeDef) if kind.name == "heap type" else (RefType,)
    if not isinstance(value, wanted):
        raise _wrong("a heap type" if kind.name == "heap type" else "a reference type", value)
    return value


def _cast(kind: OperandKind, value: Any) -> Any:
    label, source, target = _parts(value, 3, "Cast(label, source, target)")
    _unsigned(label, 32)
    for each in (source, target):
        if not isinstance(each, RefType):
            raise _wrong("a reference type", each)
    return value


_BY_SHAPE: Final[dict[Shape, Callable[[OperandKind, Any], Any]]] = {
    Shape.U32: _index,
    Shape.S32: _signed(32),
    Shape.S64: _signed(64),
    Shape.BYTE: _byte,
    Shape.FOUR: _float(32),
    Shape.EIGHT: _float(64),
    Shape.SIXTEEN: _sixteen,
    Shape.MEMARG: _memarg,
    Shape.BLOCKTYPE: _block,
    Shape.LABELS: _labels,
    Shape.VALTYPES: _types,
    Shape.CATCHES: _catches,
    Shape.HEAPTYPE: _heap,
    Shape.CAST: _cast,
}
