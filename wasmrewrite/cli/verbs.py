"""The group of verbs. A verb's file is imported when the verb is used, so that ``--help`` stays quick."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from .. import __version__
from .suggest import did_you_mean, one_dash

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VERBS: Final = {
    "info": "Show what is in a module.",
    "explain": "Say what is remarkable about a module, and which command helps.",
    "print": "Print a module, or part of one, as text.",
    "assemble": "Assemble text files into modules.",
    "callgraph": "Show which function may call which.",
    "rewrite": "Run passes over a module.",
    "verify": "Prove that a rewritten module still does the same.",
    "run": "Run a program, or call an exported function.",
    "passes": "List passes, or show the options of one.",
    "lint": "Say what is suspicious about a module.",
    "fuzz": "Look for modules that a pass breaks.",
    "reduce": "Make a file smaller that shows something.",
    "rule": "List the rules of lint, or explain one.",
}
"""Name → one line of help; the verb's own help begins with the same line, which a test holds it to."""
OTHERS: Final = {
    "wat2wasm": "assemble",
    "wast2json": "assemble",
    "parse": "assemble",
    "as": "assemble",
    "wasm2wat": "print",
    "dis": "print",
    "wasm-objdump": "print --offsets",
    "objdump": "print --offsets",
    "dump": "print --offsets",
    "wasm-strip": "rewrite --pass strip-custom",
    "strip": "rewrite --pass strip-custom",
    "shrink": "reduce",
    "wasm-reduce": "reduce",
}
"""Commands of other tools, and ours for the same."""


class Verbs(click.Group):
    """Finds a verb in the file of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f".{cmd_name}", __package__).command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Verbs that begin like this, from the table, or options."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        from click.shell_completion import CompletionItem

        return [CompletionItem(name, help=text) for name, text in VERBS.items() if name.startswith(incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb of a command line. Raises ``click.UsageError`` with what might have been meant."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            meant = f"; use '{OTHERS[args[0]]}'" if args[0] in OTHERS else did_you_mean(args[0], VERBS)
            ctx.fail(f"no such command {args[0]!r}{meant}")
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and (problem := one_dash(rest, command, name)) is not None:
            raise click.UsageError(problem, click.Context(command, parent=ctx, info_name=name))
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, from the table: importing them all would cost more than everything else."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="'-' as a file name is standard input or output. Exit codes: 0 fine, 1 findings or differences, 2 usage, "
    "3 bad input, 4 internal error, 5 inconclusive; 'run' has its own.",
)
@click.version_option(__version__, prog_name="wasmrewrite", message="%(prog)s %(version)s")
def wasmrewrite() -> None:
    """Rewrite WebAssembly modules, and prove that they still do the same.

    \b
    Example:
      wasmrewrite info app.wasm
      wasmrewrite rewrite app.wasm -o new.wasm --pass add-start --set add-start.function=init
      wasmrewrite verify app.wasm new.wasm
    """
