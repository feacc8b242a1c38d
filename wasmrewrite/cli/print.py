"""``wasmrewrite print``: a module as text. Does not contain: how it is written (``text.printer``)."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import for_terminal
from . import completion, streams
from .named import func_index
from .options import FILE, module_argument
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..text.printer import Style

_TOKEN: Final = re.compile(
    r"""(?P<comment>\(;.*?;\)|;;.*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<name>\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+))"""
    r"""|(?P<field>(?<=\()@?[a-z][\w.]*)"""
)
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "comment": {"dim": True}, "string": {"fg": "green"}, "name": {"fg": "cyan"}, "field": {"bold": True},
}  # fmt: skip


@click.command(cls=completion.ModuleCommand)
@module_argument("module")
@click.option("-o", "--output", type=FILE, default=streams.STANDARD, help="Write the text here instead of printing it.")
@click.option(
    "--func",
    "funcs",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.functions,
    help="Function to print: its export, import, name or index; repeat for several.",
)
@click.option("--only", metavar="PARTS", help="Parts to print, separated by commas, such as imports,exports.")
@click.option("--fold", is_flag=True, help="Write instructions as expressions around their operands.")
@click.option("--offsets", is_flag=True, help="Show where in the file each instruction is.")
def command(module: str, output: str, funcs: tuple[str, ...], only: str | None, fold: bool, offsets: bool) -> None:
    """Print a module, or part of one, as text.

    The text has all that the module holds: names, custom sections, branch hints. Assembled again it is the same module.
    A module that is text is printed in the same form.

    \b
    Parts:
      types imports tables memories tags globals exports start elems funcs datas customs

    \b
    Example:
      wasmrewrite print app.wasm
      wasmrewrite print app.wasm --func main --offsets
      wasmrewrite print app.wasm --fold
      wasmrewrite print app.wasm --only imports,exports
    """
    from ..text.printer import print_module

    source = streams.read_module(module)
    with source.blamed():
        text = print_module(source.data, _style(source.data, funcs, only, fold, offsets))
    if output == streams.STANDARD and sys.stdout.isatty():
        click.echo("".join(map(_colored, text.splitlines(keepends=True))), nl=False, color=True)
    else:
        streams.write_all([(output, text.encode())])


def _style(data: bytes, funcs: tuple[str, ...], only: str | None, fold: bool, offsets: bool) -> Style:
    from ..model import Module
    from ..text.printer import Style

    if funcs and only is not None:
        raise click.UsageError("--func and --only exclude each other")
    loaded = Module.from_bytes(data) if funcs else Module.empty()
    indices = frozenset(func_index(loaded, name) for name in funcs) if funcs else None
    return Style(fold, offsets, None if only is None else _parts(only), indices)


def _parts(only: str) -> frozenset[str]:
    from ..text.printer import PARTS

    found = frozenset(word.strip() for word in only.split(","))
    for word in sorted(found.difference(PARTS)):
        expected = did_you_mean(word, PARTS) or f"; expected one of {', '.join(PARTS)}"
        raise click.UsageError(f"unknown part {for_terminal(word)!r}{expected}")
    return found


def _colored(line: str) -> str:
    return _TOKEN.sub(lambda found: click.style(found[0], **_STYLES[str(found.lastgroup)]), line)
