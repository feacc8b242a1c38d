"""How a declared result of fields meets a function of a module, whether it is returned or goes through a pointer.

Not here: layouts (``layouts``), whether a claim is as declared (``declarations``).
"""

from __future__ import annotations

from ...contract import Declaration
from ...errors import ConfigError
from ...isa.types import I64, FuncType
from ...model import Module
from .layouts import Layout, layout


def fields_of(declared: Declaration, of: FuncType, module: Module) -> Layout:
    """Where the fields of a by-value result lie; ``of`` is the function's type now, in either form.

    Raises ``ConfigError`` where the function can return them neither by value nor through a pointer.
    """
    if declared.result is None:
        raise ConfigError(f"no result is declared for {declared.name!r}")
    shape = layout(declared.result, 8 if has_wide_memory(declared, module) else 4)
    if shape.types != of.results and (of.results or not 0 <= declared.pointer < len(of.params)):
        raise ConfigError(f"{declared.name!r} has type {of}, which does not fit the declared result {declared.result}")
    return shape


def memory_index(declared: Declaration, module: Module) -> int:
    """The memory that a return pointer points into. Raises ``ConfigError`` where there is no such memory."""
    wanted = declared.memory
    if isinstance(wanted, str):
        names = {export.name: export.item for export in module.exports}
        found = [index for index, each in enumerate(module.memories) if wanted in (each.name, str(each.origin))]
        found += [index for index, each in enumerate(module.memories) if names.get(wanted) is each]
        index = found[0] if found else -1
    else:
        index = wanted or 0
    if not 0 <= index < len(module.memories):
        raise ConfigError(f"{declared.name!r} returns through memory {wanted!r}, which is not there")
    return index


def has_wide_memory(declared: Declaration, module: Module) -> bool:
    """Whether a return pointer is an i64."""
    return bool(module.memories) and module.memories[memory_index(declared, module)].type.limits.address is I64
