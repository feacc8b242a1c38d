"""``wasmrewrite assemble``: text files into modules. Does not contain: reading text (``text``)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..escape import for_terminal
from . import exits, streams
from .options import FILE

_TEXTS = (".wat", ".wast")


@click.command
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("-o", "--output", type=FILE, help="Where the module goes; without it, beside FILE, ending in .wasm.")
@click.option("--check", is_flag=True, help="Say what is wrong, and write nothing.")
@click.option("--validate/--no-validate", default=True, show_default=True, help="Refuse modules that are not valid.")
@click.option("--strip-names", is_flag=True, help="Leave out the names that the text gives to things.")
def command(
    files: tuple[str, ...], output: str | None, check: bool, validate: bool, strip_names: bool
) -> int:
    """Assemble text files into modules.

    Each FILE becomes a module beside it: add.wat becomes add.wasm. Of '-' the module goes to standard output. Names of
    functions, locals and everything else are kept. Everything that is wrong is reported with its place, and then
    nothing is written.

    \b
    Exit status:
      0  all files were assembled
      3  a file is not a module, or not a valid one

    \b
    Example:
      wasmrewrite assemble add.wat
      wasmrewrite assemble lib/*.wat --check
      wasmrewrite assemble - -o add.wasm < add.wat
    """
    if output is not None and len(files) > 1:
        raise click.UsageError("-o takes one FILE; without it each module goes beside its text")
    streams.refuse_twice(files, "input")
    outputs = [_target(file) if output is None else output for file in files]
    if not check:
        for target in outputs:
            streams.refuse_binary_to_terminal(target)
    modules, problems = _assembled(files, validate=validate, names=not strip_names)
    if problems:
        ending = "" if check else ", nothing written"
        print(f"{problems} error{'s' if problems > 1 else ''}{ending}", file=sys.stderr)
        return exits.BAD_INPUT
    if not check:
        streams.write_all(list(zip(outputs, modules, strict=True)))
    return exits.FINE


def _assembled(files: tuple[str, ...], *, validate: bool, names: bool) -> tuple[list[bytes], int]:
    """The modules, and how many problems were reported."""
    from ..text.assemble import assemble
    from ..text.check import assemble_valid
    from ..text.problem import TextError

    modules, problems = [], 0
    for file in files:
        source = streams.read(file)
        if source.data.startswith(b"\0asm"):
            raise click.UsageError(f"{source.name} is a binary module; 'wasmrewrite print' shows its text")
        try:
            modules.append((assemble_valid if validate else assemble)(source.data, names=names))
        except TextError as error:
            problems += len(error.problems)
            print(*map(for_terminal, error.report(source.name)), sep="\n", file=sys.stderr)
    return modules, problems


def _target(file: str) -> str:
    """Where the module of a text goes."""
    if file == streams.STANDARD:
        return streams.STANDARD
    path = Path(file)
    return str(path.with_suffix(".wasm") if path.suffix.lower() in _TEXTS else path.with_name(f"{path.name}.wasm"))
