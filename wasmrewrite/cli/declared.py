"""What users declare of imports and exports, and how it meets the functions of a module.

Not here: the meaning of interface files (``rewrite.interface_file``), and layouts (``equiv.by_value.layouts``:
what runs a module must not trust the rewriter's).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contract import Declaration, Interface
from ..errors import ConfigError, RewriteError
from ..isa.types import I64, FuncType
from . import streams

if TYPE_CHECKING:
    from ..equiv.by_value.layouts import Layout
    from ..model import Module


def read_interface(path: str, configured: bool = False) -> Interface:
    """Read an interface file; ``configured``: a configuration names it. Raises ``ConfigError``, ``OSError``."""
    from ..rewrite import parse_interface

    return parse_interface(streams.read_settings(path, files_only=configured), path)


@dataclass(frozen=True, slots=True)
class Described:
    """An interface together with what debug information proves besides; ``refused`` are (export, reason)."""

    interface: Interface
    added: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def with_debug_information(interface: Interface, module: Module, names: Iterable[str], strict: bool) -> Described:
    """``interface``, and of those exports in ``names`` that it leaves out, what debug information proves to be returned
    through a pointer.

    With ``strict``, raises ``WasmError`` if debug information cannot be read.
    """
    from ..analysis import DebugLayouts

    known = {each.name for each in interface.exports}
    left = {each for each in names if each not in known}
    if not left:
        return Described(interface)
    debug = DebugLayouts(module, names=left)
    if strict and debug.problem is not None:
        raise debug.problem
    proved = [each for each in debug.exports if each.by_pointer]
    more = [each.declaration for each in proved if each.declaration is not None]
    others = [each for each in debug.exports if not each.by_pointer]
    return Described(
        Interface((*interface.exports, *more), interface.imports),
        tuple(each.name for each in proved),
        tuple((each.name, each.reason or "it returns nothing through a pointer") for each in others),
    )


def stack_pointer(module: Module) -> int | None:
    """The index of the global that is the stack pointer; None where that is not certain."""
    from ..analysis import find_stack_pointer

    try:
        return module.globals.index(find_stack_pointer(module).item)
    except RewriteError:
        return None


def fields_of(declared: Declaration, of: FuncType, module: Module) -> Layout:
    """Where the fields of a by-value result lie; ``of`` is the function's type now, in either form.

    Raises ``ConfigError`` where the function can return them neither by value nor through a pointer.
    """
    from ..equiv.by_value.layouts import layout

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
