"""What users declare of imports and exports, and what debug information adds.

Not here: the meaning of interface files (``rewrite.interface_file``), and how declared results lie in memory
(``equiv.by_value.results``: what runs a module must not trust the rewriter's layouts).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contract import Interface
from ..errors import RewriteError
from . import streams

if TYPE_CHECKING:
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
