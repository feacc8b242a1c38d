"""How numbers and traps cross the border to wasmtime. Not here: modules and instances there (``wasmtime_engine``)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from ...errors import Frame, LimitError, Trap, WasmError
from ...isa.types import F32, F64, I32, I64, FuncType, NumType, ValType
from ...model.module import Module
from ...runtime.traps import call_stack_exhausted, fuel_exhausted

NUMBERS: Final = (I32, I64, F32, F64)
_FORMATS: Final[dict[ValType, tuple[str, str]]] = {F32: ("<f", "<I"), F64: ("<d", "<Q")}
_QUIET: Final = 0x0040_0000
_KINDS: Final[Mapping[str, str]] = {
    "MEMORY_OUT_OF_BOUNDS": "out of bounds memory access",
    "TABLE_OUT_OF_BOUNDS": "out of bounds table access",
    "INDIRECT_CALL_TO_NULL": "uninitialized element",
    "BAD_SIGNATURE": "indirect call type mismatch",
    "INTEGER_OVERFLOW": "integer overflow",
    "INTEGER_DIVISION_BY_ZERO": "integer divide by zero",
    "BAD_CONVERSION_TO_INTEGER": "invalid conversion to integer",
    "UNREACHABLE": "unreachable",
    "NULL_REFERENCE": "null reference",
}
"""wasmtime's codes in the words of ``runtime.traps``, as far as they tell as much."""


def plain(type: FuncType) -> bool:
    """Whether a function of that type can be called through this border: numbers only."""
    return all(each in NUMBERS for each in (*type.params, *type.results))


def quiet(type: ValType, bits: Any) -> Any:
    """An f32 as it comes out of Python's floats: a signalling NaN is quiet then. Everything else as it is."""
    return bits | _QUIET if type is F32 and (bits & 0x7FFF_FFFF) > 0x7F80_0000 else bits


def into(type: ValType, bits: int) -> Any:
    """Bits as wasmtime wants them: floats as such, integers signed."""
    if type in _FORMATS:
        out, raw = _FORMATS[type]
        return struct.unpack(out, struct.pack(raw, bits))[0]
    width = 8 * _size(type)
    return bits - (1 << width) if bits >> (width - 1) else bits


def out_of(type: ValType, value: Any) -> int:
    """The inverse of ``into``; a NaN is the canonical one."""
    if type in _FORMATS:
        if value != value:
            return 0x7FC0_0000 if type is F32 else 0x7FF8 << 48
        out, raw = _FORMATS[type]
        bits: int = struct.unpack(raw, struct.pack(out, value))[0]
        return bits
    return int(value) & (1 << 8 * _size(type)) - 1


def _size(type: ValType) -> int:
    return type.size if isinstance(type, NumType) else 8


@contextmanager
def translated(module: Module) -> Iterator[None]:
    """Traps and errors of wasmtime become ours; ``module`` has the names of functions."""
    import wasmtime

    try:
        yield
    except wasmtime.Trap as trap:
        raise _trap(trap, module) from None
    except wasmtime.WasmtimeError as error:
        raise LimitError(f"wasmtime: {str(error).splitlines()[0]}") from None


def _trap(trap: Any, module: Module) -> Trap:
    found = _of_code(trap)
    indices = [each.func_index for each in trap.frames]
    found.frames = tuple(Frame(index, _name(module, index), None) for index in indices)
    return found


def _name(module: Module, index: int) -> str | None:
    try:
        return module.funcs[index].name
    except WasmError:  # a name section that cannot be read
        return None


def _of_code(trap: Any) -> Trap:
    try:
        code = trap.trap_code.name
    except (AttributeError, ValueError):  # a code that this version of the binding does not know, or none
        code = ""
    if code == "STACK_OVERFLOW":
        return call_stack_exhausted()
    if code == "OUT_OF_FUEL":
        return fuel_exhausted()
    return Trap(_KINDS.get(code) or f"trap {code or 'of an unknown kind'}")
