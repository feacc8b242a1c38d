"""Validate the body of one function of a module, and say where it is wrong. Not here: the checking (``kernels``)."""

from __future__ import annotations

from ..errors import WasmError
from ..kernels.module_context import ModuleContext
from ..kernels.validate import SideTable, check_body
from ..model.module import Module


def validate_func(module: Module, context: ModuleContext, index: int, *, keep: bool = True) -> SideTable:
    """Validate the defined function ``index`` of a module as loaded from bytes.

    ``context`` is that of ``validate.context(module)``. Raises InvalidError or MalformedError with the absolute offset
    and a path that names the function; ValueError if it is imported, or was added since.
    """
    source = module.source
    span = source.func_span(index)
    if span is None:
        raise ValueError(f"function {index} has no body in the module's bytes")
    # Nothing is asked of items: they would be made, and keep what they read, for tens of thousands of bodies.
    try:
        runs, (start, end) = source.body(span)
        return check_body(source.data, start, end, context, context.signatures[index], runs, keep)
    except WasmError as error:
        error.within("code section", _place(module, index))
        raise


def _place(module: Module, index: int) -> str:
    try:
        name = module.funcs[index].name
    except WasmError:  # a name section that cannot be read is no reason to hide the other error
        name = None
    return f"func[{index}]" if name is None else f"func[{index}] {name!r}"
