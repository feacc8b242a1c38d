"""Validate the body of one function of a module, and say where it is wrong. Not here: the checking (``body``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from ..errors import WasmError
from ..isa.leb import Buffer
from ..model.module import Module
from .body import Runs, check_body, side_table
from .body.context import ModuleContext, Signature
from .body.side_table import SideTable

_R = TypeVar("_R")
_Check: TypeAlias = Callable[[Buffer, int, int, ModuleContext, Signature, Runs], _R]


def check_func(module: Module, context: ModuleContext, index: int) -> None:
    """Validate the defined function ``index`` of a module as loaded from bytes.

    ``context`` is that of ``validate.context(module)``. Raises InvalidError or MalformedError with the absolute offset
    and a path that names the function; ValueError if it is imported, or was added since.
    """
    _run(check_body, module, context, index)


def validate_func(module: Module, context: ModuleContext, index: int) -> SideTable:
    """Validate as ``check_func`` does, and keep what was found out, which takes a while longer."""
    return _run(side_table, module, context, index)


def _run(check: _Check[_R], module: Module, context: ModuleContext, index: int) -> _R:
    source = module.source
    span = source.func_span(index)
    if span is None:
        raise ValueError(f"function {index} has no body in the module's bytes")
    # Nothing is asked of items: they would be made, and keep what they read, for tens of thousands of bodies.
    try:
        runs, (start, end) = source.body(span)
        return check(source.data, start, end, context, context.signatures[index], runs)
    except WasmError as error:
        error.within("code section", _place(module, index), function=index)
        raise


def _place(module: Module, index: int) -> str:
    try:
        name = module.funcs[index].name
    except WasmError:  # a name section that cannot be read is no reason to hide the other error
        name = None
    return f"func[{index}]" if name is None else f"func[{index}] {name!r}"
