"""``wasmrewrite rewrite``: run passes over a module and write what comes of it.

Not here: which passes configuration asks for (``rewrite.config``), and what they do.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import as_json, for_terminal
from . import completion, exits, streams
from .configured import read_config
from .options import FILE, module_argument
from .report import Format, Report

if TYPE_CHECKING:
    from ..rewrite import Note, Pipeline, Result
    from ..rewrite.config import Config, PassEntry

SCHEMA: Final = "wasmrewrite.rewrite/1"


@dataclass(slots=True)
class Clock:
    """How long each step took, in seconds; for ``--timings``."""

    steps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def done(self, step: str) -> None:
        """A step has just ended."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + now - self.last
        self.last = now

    def line(self) -> str:
        """All steps on one line."""
        return "time: " + ", ".join(f"{step} {spent:.3f} s" for step, spent in self.steps.items())


@click.command
@module_argument("module")
@click.option("-o", "--output", type=FILE, help="Where the rewritten module goes; may be the input.")
@click.option(
    "--pass",
    "chosen",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.passes,
    help="Pass to run; several run in this order.",
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PASS.OPTION=VALUE",
    shell_complete=completion.pass_options,
    help="Option of a pass; repeat for lists.",
)
@click.option("--declarations", type=FILE, help="Declared types of imports and exports.")
@click.option("--config", type=FILE, help="Configuration to use instead of the nearest wasmrewrite.toml.")
@click.option("--write-contract", type=FILE, metavar="OUT", help="Write what the rewrite claims, for 'verify'.")
@click.option("-v", "--verbose", is_flag=True, help="Print what changed and why.")
@click.option("--text", is_flag=True, help="Write text; the default for an OUTPUT that ends in .wat.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if OUTPUT, or else the input, would change.")
@click.option("--timings", is_flag=True, help="Print how long each step took.")
@click.option("--no-plugins", is_flag=True, help="Use built-in passes only.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What is told: for people, or all of it for programs.",
)
def command(module: str, output: str | None, form: Format, **settings: Any) -> int:
    """Run passes over a module.

    Only what the passes change is written anew; everything else comes out byte for byte as it was. Passes and options
    come from the command line, else from the nearest wasmrewrite.toml, pyproject.toml or Cargo.toml upwards from the
    current directory. If a pass fails nothing is written.

    MODULE may be text; a text that is rewritten in place stays one.

    \b
    Example:
      wasmrewrite rewrite app.wasm -o new.wasm --pass add-start --set add-start.function=init --verbose
      wasmrewrite rewrite app.wasm -o new.wasm --declarations interface.toml --write-contract contract.json \\
          --pass multi-value --set 'multi-value.export=get_two_i64s=(i64, i64)'
    """
    _check_streams(module, output, settings)
    clock = Clock()
    config = read_config(settings["config"])
    entries = _entries(config, settings)
    pipeline = _pipeline(entries, config, settings, clock)
    source = streams.read_module(module)
    clock.done("prepare and read")
    with source.blamed():
        result = _run(pipeline, source.data)
    clock.done("encode and validate")
    code = exits.FINE
    written = _written(result.data, source, module, output, settings["text"])
    if settings["check"]:
        code = _check(source, output, written)
    else:
        _write(result, written, output, settings["write_contract"])
        clock.done("write")
    _tell(source.data, result, entries, clock, sys.stderr if output == streams.STANDARD else sys.stdout, form, settings)
    return code


def _check_streams(module: str, output: str | None, settings: dict[str, Any]) -> None:
    """Refuse what could not work before doing any of it."""
    if output is None and not settings["check"]:
        raise click.UsageError("say where the result goes with -o, or compare only with --check")
    if output == streams.STANDARD and settings["check"]:
        raise click.UsageError("--check compares with a file, not with '-'")
    streams.refuse_twice([module, settings["declarations"], settings["config"]], "input")
    contract = settings["write_contract"]
    streams.refuse_twice([output, contract], "output")
    both = output not in (None, streams.STANDARD) and contract is not None
    if both and Path(output or "").resolve() == Path(contract).resolve():
        raise click.UsageError("the module and its contract cannot go into the same file")
    if not settings["text"]:
        streams.refuse_binary_to_terminal(output)


def _entries(config: Config, settings: dict[str, Any]) -> tuple[PassEntry, ...]:
    from ..rewrite.config import combine

    entries = combine(config.passes, settings["chosen"], settings["sets"])
    if not entries:
        raise click.UsageError("there is no pass to run; name one with --pass, or in wasmrewrite.toml")
    return entries


def _pipeline(entries: tuple[PassEntry, ...], config: Config, settings: dict[str, Any], clock: Clock) -> Pipeline:
    from ..rewrite import Pipeline
    from ..rewrite.config import build_passes
    from .declared import read_interface

    configured = settings["declarations"] is None
    path = config.interface if configured else settings["declarations"]
    interface = None if path is None else read_interface(str(path), configured)
    passes = build_passes(entries, not settings["no_plugins"])
    return Pipeline(passes, interface, after=lambda each, *_: clock.done(f"pass {each.pass_name()}"))


def _run(pipeline: Pipeline, data: bytes) -> Result:
    from ..model import Module

    return pipeline.run(Module.from_bytes(data))


def _written(data: bytes, source: streams.Input, module: str, output: str | None, text: bool) -> bytes:
    """The contents of the output: as text where that is asked for, or where the text that was read is replaced."""
    named = output is not None and output != streams.STANDARD
    in_place = output is None or (named and os.path.realpath(output or "") == os.path.realpath(module))
    suffix = named and (output or "").lower().endswith((".wat", ".wast"))
    if not (text or suffix or (in_place and source.text is not None)):
        return data
    from ..text.printer import print_module

    return print_module(data).encode()


def _check(source: streams.Input, output: str | None, written: bytes) -> int:
    """Compare with what the output file holds; without one, with the input."""
    if output is None:
        name, now = source.name, source.data if source.text is None else source.text
    else:
        name = for_terminal(output)
        try:
            now = streams.read(output, len(written) + 1).data
        except FileNotFoundError:
            now = None
    if now == written:
        return exits.FINE
    print(f"{name} would {'change' if now is not None else 'be created'}", file=sys.stderr)
    return exits.FOUND


def _write(result: Result, written: bytes, output: str | None, contract: str | None) -> None:
    from ..contract import contract_to_json

    outputs = [] if contract is None else [(contract, as_json(contract_to_json(result.contract)).encode())]
    if output is not None:
        outputs.append((output, written))
    streams.write_all(outputs)


def _tell(
    before: bytes,
    result: Result,
    entries: tuple[PassEntry, ...],
    clock: Clock,
    stream: Any,
    form: Format,
    settings: dict[str, Any],
) -> None:
    """The report, on the stream that the module does not take. Unasked, only what nobody may miss."""
    if form == "json":
        stream.write(as_json(_data(before, result, entries, clock)))
        return
    lines = [_note_line(note) for note in result.notes]
    if settings["verbose"]:
        sizes = f"{len(before)} bytes before, {len(result.data)} after"
        stream.write(Report({}, [*lines, sizes if result.changed else "nothing changed"]).render("text"))
    else:
        sys.stderr.write("".join(f"{line}\n" for line in _unasked(lines, result, settings["check"])))
    if settings["timings"]:
        print(clock.line(), file=sys.stderr)


def _unasked(lines: list[str], result: Result, check: bool) -> list[str]:
    """What no pass asked for, and what may go wrong later; or that nothing was done, and why."""
    told = [line for line, note in zip(lines, result.notes, strict=True) if note.warning or not note.pass_name]
    return told if told or result.changed or check else [*lines, "nothing changed"]


def _note_line(note: Note) -> str:
    reason = f" ({for_terminal(note.why)})" if note.why else ""
    head = f"{for_terminal(note.pass_name) or 'note'}: {'warning: ' if note.warning else ''}"
    return f"{head}{for_terminal(note.what)}{reason}"


def _data(before: bytes, result: Result, entries: tuple[PassEntry, ...], clock: Clock) -> dict[str, Any]:
    from ..contract import contract_to_json

    return {
        "schema": SCHEMA,
        "changed": result.changed,
        "size_before": len(before),
        "size_after": len(result.data),
        "passes": [{"name": entry.name, "options": dict(entry.settings)} for entry in entries],
        "notes": [
            {"pass": note.pass_name, "what": note.what, "why": note.why, "warning": note.warning}
            for note in result.notes
        ],
        "contract": contract_to_json(result.contract),
        "seconds": {step: round(spent, 6) for step, spent in clock.steps.items()},
    }
