"""``wasmrewrite reduce``: a smaller file that a command still says yes to. Not here: what to try
(``fuzz.reducer``), running the command (``trial``).
"""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import Final

import click

from . import exits
from .options import FILE, Whole, module_argument
from .report import Format, Report, emit
from .streams import STANDARD, read_module, refuse_binary_to_terminal, write_all
from .trial import agrees

SCHEMA: Final = "wasmrewrite.reduce/1"


@click.command
@module_argument("file")
@click.option("--test", required=True, metavar="CMD", help="Run with the file's path added; 0 means: still shows it.")
@click.option("-o", "--output", type=FILE, required=True, help="Where the smaller file goes.")
@click.option(
    "--max-attempts",
    "attempts",
    type=Whole(min=1),
    default=2000,
    show_default=True,
    help="Run CMD so often at most.",
)
@click.option(
    "--timeout",
    type=Whole(min=1),
    default=60,
    show_default=True,
    help="Seconds CMD may take; longer means no.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the report."
)
def command(file: str, test: str, output: str, attempts: int, timeout: int, form: Format) -> int:
    """Make a file smaller that shows something.

    Leaves out exports, sections, functions, instructions and bytes as long as CMD exits with 0. A valid module stays
    valid. CMD is split like a command line, and run without a shell; what it prints goes nowhere, and what it started
    is killed when it has ended or its time is over.

    \b
    Example:
      wasmrewrite reduce crash.wasm -o small.wasm --test 'python shows_it.py'
    """
    from ..fuzz import reduce

    refuse_binary_to_terminal(output)
    words = _words(test)
    source = read_module(file)
    with tempfile.TemporaryDirectory() as folder:
        candidate = Path(folder) / "candidate.wasm"

        def interesting(data: bytes) -> bool:
            candidate.write_bytes(data)
            return agrees([*words, str(candidate)], timeout)

        found = reduce(source.data, interesting, attempts)
    write_all([(output, found.data)])
    before, after = len(source.data), len(found.data)
    line = f"{before} bytes before, {after} after {found.attempts} attempts"
    report = Report({"schema": SCHEMA, "before": before, "after": after, "attempts": found.attempts}, [line])
    if output != STANDARD:
        emit(report, form, STANDARD)
    return exits.FINE


def _words(test: str) -> list[str]:
    try:
        words = shlex.split(test)
    except ValueError as error:
        raise click.UsageError(f"--test: {error}") from None
    if not words:
        raise click.UsageError("--test: no command is given")
    return words
