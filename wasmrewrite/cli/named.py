"""Functions by the names that people give them on the command line. Does not contain: names that are demangled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..escape import for_terminal
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..model import Module


def func_index(module: Module, wanted: str) -> int:
    """The function called ``wanted``: by export, import, name, index, in this order. Raises ``click.UsageError``."""
    from ..model import Func
    from ..rewrite import function_names

    index_of = {func: index for index, func in enumerate(module.funcs)}
    export = module.export(wanted)
    if export is not None and isinstance(export.item, Func):
        return index_of[export.item]
    imported = [index for func, index in index_of.items() if func.imported and str(func.origin) == wanted]
    found = imported or [index for func, index in index_of.items() if func.name == wanted]
    if not found and wanted.isascii() and wanted.isdecimal() and int(wanted) < len(index_of):
        found = [int(wanted)]
    if not found:
        meant = did_you_mean(wanted, function_names(module))
        raise click.UsageError(f"unknown function {for_terminal(wanted)!r}{meant}")
    if len(found) > 1:
        some = ", ".join(map(str, found[:5])) + (", ..." if len(found) > 5 else "")
        raise click.UsageError(f"ambiguous function {for_terminal(wanted)!r} ({len(found)} matches): {some}")
    return found[0]
