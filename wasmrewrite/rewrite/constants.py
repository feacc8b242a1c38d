"""Constants that users write, such as ``i32:5``, as instructions. Not here: values at run time."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from ..errors import RewriteError
from ..isa.types import F32, F64, I32, I64, V128, AbsHeap, NumType, RefType, ValType
from ..model import Instr, instr

_ALIASES: Final = {"u32": "i32", "s32": "i32", "u64": "i64", "s64": "i64"}


def constant(text: str, type: ValType) -> tuple[Instr, str]:
    """The instruction for a constant of ``type``, and its typed text in one form: integers unsigned, floats as bits.

    ``text`` is a number, with or without ``i32:`` (or ``u64:``, ``f32:`` and so on) before it; ``0x`` gives the bits of
    a float; ``null`` is a reference. Raises ``RewriteError``.
    """
    kind, colon, word = text.rpartition(":")
    kind = _ALIASES.get(kind.strip(), kind.strip())
    if isinstance(type, RefType):
        return _null(text, word.strip(), type)
    if colon and kind != type.name:
        raise RewriteError(f"{text!r} is no {type}")
    try:
        bits = _READ[type](word.strip())
    except (ValueError, OverflowError) as error:
        raise RewriteError(f"{text!r} is no {type}") from error
    if type in (I32, I64):
        width = 8 * type.size
        return instr(f"{type}.const", bits - (bits >> (width - 1) << width)), f"{type}:{bits}"
    operand = bits.to_bytes(16, "little") if type is V128 else bits
    return instr(f"{type}.const", operand), f"{type}:0x{bits:x}"


def _null(text: str, word: str, type: RefType) -> tuple[Instr, str]:
    if word != "null" or not type.nullable or not isinstance(type.heap, AbsHeap):
        raise RewriteError(f"{text!r} is no {type}; of references only null can be given")
    return instr("ref.null", type.heap), f"{type.heap.name}:null"


def _integer(width: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        value = int(word, 0)
        if not -(1 << (width - 1)) <= value < 1 << width:
            raise ValueError(f"out of range: {word}")
        return value & ((1 << width) - 1)

    return read


def _float(form: str, integer: str, width: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        if word.lower().startswith("0x"):
            return _bits(width)(word)
        return int(struct.unpack(integer, struct.pack(form, float(word)))[0])

    return read


def _bits(width: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        value = int(word, 16)
        if value >> width:
            raise ValueError(f"out of range: {word}")
        return value

    return read


_READ: Final[dict[NumType, Callable[[str], int]]] = {
    I32: _integer(32),
    I64: _integer(64),
    F32: _float("<f", "<I", 32),
    F64: _float("<d", "<Q", 64),
    V128: _bits(128),
}
