"""A module as wasmtime is given it: a copy that exports what is to be called and looked at, compiled.

Functions to be covered set a flag before each instruction; nothing else in the copy runs otherwise than in the module.
Not here: running it (``wasmtime_engine``).
"""

from __future__ import annotations

import atexit
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from ...codec import write
from ...errors import LimitError
from ...isa.structure import STRUCTURAL
from ...isa.types import I32, GlobalType, func_type
from ...model import instr
from ...model.edit import set_body
from ...model.instr import Expr, Instr
from ...model.items import Body, Export, Exportable, Func, Global, Item, Memory, Table
from ...model.module import Module
from ..structure.module_view import place
from .wasmtime_values import NUMBERS, plain

_LARGE: Final = 1 << 20
"""Bytes of a module that is compiled without optimising."""
MOST_FLAGS: Final = 4000
"""Instructions whose execution is watched; each takes a global."""
_FEATURES: Final = (
    "wasm_multi_memory", "wasm_memory64", "wasm_tail_call", "wasm_relaxed_simd", "wasm_function_references", "wasm_gc",
    "wasm_exceptions", "wasm_threads", "wasm_wide_arithmetic",
)  # fmt: skip


class Refused(LimitError):
    """wasmtime does not accept the module at all."""


def installed() -> bool:
    """Whether wasmtime is."""
    return find_spec("wasmtime") is not None


@cache
def engine(optimise: bool = True) -> Any:
    """An engine with all features and fuel, whose NaNs are canonical."""
    import wasmtime

    # Freed while wasmtime is still there to do it: at the very end of the process it no longer is.
    atexit.register(engine.cache_clear)
    config = wasmtime.Config()
    config.consume_fuel = True
    config.cranelift_nan_canonicalization = True
    if not optimise:
        config.cranelift_opt_level = "none"
    for feature in _FEATURES:
        setattr(config, feature, True)
    return wasmtime.Engine(config)


# --- the module -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module that wasmtime has accepted (``real``), and under which names the copy exports its items.

    ``flags``: for offsets of instructions, the global that is not zero once they were executed.
    """

    module: Module
    real: Any
    engine: Any
    funcs: Mapping[int, str]
    memories: Sequence[str]
    globals: Mapping[int, str]
    flags: Mapping[int, str]


def compile_module(module: Module, cover: Collection[int], calls: Collection[int]) -> Compiled:
    """Compile a module, ready for ``calls``.

    Raises ``Refused`` with wasmtime's reason, ``LimitError`` for what cannot be asked there.
    """
    import wasmtime

    if any(memory.type.limits.shared for memory in module.memories):
        raise LimitError("wasmtime is not asked about shared memories, where a call may wait for ever")
    for item in module.imports:
        _check_import(item)
    data = bytes(module.source.data)
    chosen = engine(len(data) < _LARGE)
    try:
        wasmtime.Module.validate(chosen, data)
    except wasmtime.WasmtimeError as error:
        raise Refused(_first_lines(error)) from None
    copy = Module.from_bytes(data)
    copy.customs.clear()  # they say nothing about execution, and some forbid that code moves
    names = _Names(copy)
    callable = {index: names.of(copy.funcs[index]) for index in sorted(calls) if _plain_func(copy.funcs[index])}
    memories = [names.of(memory) for memory in copy.memories]
    numbers = {at: names.of(each) for at, each in enumerate(copy.globals) if each.type.value in NUMBERS}
    flags = _flagged(copy, cover, names)
    try:
        real = wasmtime.Module(chosen, write(copy).data)
    except wasmtime.WasmtimeError as error:
        raise LimitError(f"wasmtime cannot take a copy that shows more: {_first_lines(error)}") from None
    return Compiled(module, real, chosen, callable, memories, numbers, flags)


def _flagged(copy: Module, cover: Collection[int], names: _Names) -> dict[int, str]:
    """Let functions set a flag of its own before each instruction, as far as ``MOST_FLAGS`` go."""
    flags: dict[int, str] = {}
    for func in (copy.funcs[index] for index in sorted(cover)):
        if not isinstance(func.origin, Body) or len(flags) == MOST_FLAGS:
            continue
        code: list[Instr] = []
        for each, offset in zip(func.origin.expr, func.origin.expr.offsets, strict=True):
            if (each.op not in STRUCTURAL or each.op.name == "if") and len(flags) < MOST_FLAGS:
                flag = Global(GlobalType(I32, True), Expr.of([instr("i32.const", 0)]))
                copy.globals.append(flag)
                flags[offset] = names.export(f"flag:{offset}", flag)
                code += [instr("i32.const", 1), instr("global.set", flag)]
            code.append(each)
        set_body(copy, func, Body.of(func.origin.locals, Expr.of(code)))
    return flags


def _first_lines(error: Exception) -> str:
    return ": ".join(line.strip() for line in str(error).splitlines()[:4] if line.strip() and "Caused by" not in line)


def _plain_func(func: Func) -> bool:
    return plain(func_type(func.type))


def _check_import(item: Item) -> None:
    origin = item.origin
    if isinstance(item, Func):
        why = "" if _plain_func(item) else "takes or returns more than numbers"
    elif isinstance(item, Global):
        why = "" if item.type.value in NUMBERS else "is no number"
    elif isinstance(item, Table):
        why = "" if item.type.element.nullable else "has no null to hold"
    else:
        why = "" if isinstance(item, Memory) else "is a tag"
    if why:
        raise LimitError(f"wasmtime cannot be given import {origin}, which {why}")


class _Names:
    """Exports added to a copy of a module, under names that nothing has yet."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.taken = {export.name for export in module.exports}
        self.prefix = "judge"
        while any(name.startswith(self.prefix) for name in self.taken):
            self.prefix += "'"

    def of(self, item: Exportable) -> str:
        """Export an item."""
        return self.export(f"{item.space.value}:{place(item)}", item)

    def export(self, what: str, item: Exportable) -> str:
        """Export an item under a name that says what it is."""
        name = f"{self.prefix}:{what}"
        self.module.exports.append(Export(name, item))
        return name
