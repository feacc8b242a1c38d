"""What a shell may complete: names of passes, rules, and functions of the module on the command line.

Names come from modules, and what is completed lands in a shell's command line: only names that no shell reads as
anything but a word are offered. A module is looked at only if that is quick. Not here: files and the names of verbs and
options, which click knows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from ..errors import WasmError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..model import Module

_WORD: Final = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.:@%+=/-]*")
_LARGEST: Final = 64 << 20
"""Bytes of a file that is still looked at."""
_LONGEST: Final = 200
_MOST: Final = 1000
"""Words that are offered at once."""


class ModuleCommand(click.Command):
    """A command that knows its module even while an option behind it is still without its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As usual. While completing, click would give up on all arguments for the sake of such an option."""
        unfinished = ctx.resilient_parsing and bool(args) and args[-1].startswith("-")
        return super().parse_args(ctx, args[:-1] if unfinished else args)


def answer(command: click.Command, variable: str, instruction: str) -> int:
    """Print what a shell asks for in an environment variable: what may be completed, or how to ask. An exit code."""
    from click.shell_completion import shell_complete

    return shell_complete(command, {}, "wasmrewrite", variable, instruction)


def passes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of passes; installed ones are not loaded."""
    from ..rewrite import registry

    return _beginning(incomplete, registry.names(not context.params.get("no_plugins")))


def pass_lists(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of passes, separated by commas."""
    before, comma, last = incomplete.rpartition(",")
    return [before + comma + name for name in passes(context, parameter, last)]


def pass_options(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """``PASS.OPTION=`` of the passes that were named, else of all that are built in."""
    from ..rewrite import registry
    from ..rewrite.options import options_of

    names = context.params.get("chosen") or registry.names(plugins=False)
    kinds = [(name, registry.find(name, plugins=False)) for name in names if name in registry.names(plugins=False)]
    return _beginning(incomplete, (f"{name}.{option.name}=" for name, kind in kinds for option in options_of(kind)))


def rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names and codes of rules; of installed ones, which are not loaded, the names."""
    from ..lint import built_in, names_of_installed

    known = [rule.rule_name() for rule in built_in()] + [rule.code for rule in built_in()]
    return _beginning(incomplete, [*known, *(names_of_installed() if not context.params.get("no_plugins") else ())])


def exported_functions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Functions that the module exports."""
    from ..model import Func

    module = _module(context)
    exports = () if module is None else module.exports
    return _beginning(incomplete, (each.name for each in exports if isinstance(each.item, Func)))


def functions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Functions that the module exports, imports, or has a name for."""
    from ..rewrite import function_names

    module = _module(context)
    return [] if module is None else _beginning(incomplete, _guarded(function_names(module)))


def folders(incomplete: str) -> list[CompletionItem[str]]:
    """Ask the shell for folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def _module(context: click.Context) -> Module | None:
    """The module on the command line; None if there is none yet, or it is not quickly read."""
    from ..model import Module

    path = context.params.get("module") or context.params.get("before")
    try:
        # Asked first: opening a pipe would wait for whoever writes to it.
        if not isinstance(path, str) or not os.path.isfile(path) or os.path.getsize(path) > _LARGEST:
            return None
        module = Module.from_file(path)
        _ = module.exports
    except (OSError, WasmError, ValueError):
        return None
    return module


def _guarded(names: Iterable[str]) -> Iterator[str]:
    """``names``, as far as the module lets itself be read."""
    try:
        yield from names
    except WasmError:
        return


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    found = (name for name in names if name.startswith(incomplete) and len(name) <= _LONGEST)
    return list(islice(dict.fromkeys(filter(_WORD.fullmatch, found)), _MOST))
