"""``wasmrewrite lint``: what rules say of modules, and mending what passes can mend.

Not here: the rules (``wasmrewrite.lint``), SARIF (``sarif``), which modules are meant (``modules``).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import ConfigError, WasmError
from ..escape import as_json, for_terminal
from . import completion, streams
from .configured import read_config
from .lint_report import Outcome, Task, add_calls, data_of, key_of, tell, text_lines, workflow_commands, write_baseline
from .modules import modules_of
from .options import FILE
from .report import Report

if TYPE_CHECKING:
    from ..lint import Expected, Finding, Fix, Rule, Settings
    from .streams import Input

_MAGIC: Final = b"\0asm"


@click.command
@click.argument("modules", nargs=-1, required=True, type=FILE, metavar="MODULE...")
@click.option("-o", "--output", type=FILE, help="Where the report goes; with --fix, the mended module.")
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    shell_complete=completion.rules,
    help="Run only this rule (code, beginning of codes, name).",
)
@click.option(
    "--ignore", multiple=True, metavar="RULE", shell_complete=completion.rules, help="Leave this rule out."
)
@click.option(
    "--against",
    multiple=True,
    metavar="[NAMESPACE=]FILE",
    help="Interface file, or module, that imports have to fit; of NAMESPACE only, if given.",
)
@click.option("--baseline", type=FILE, help="Findings that are accepted: only others count.")
@click.option("--write-baseline", is_flag=True, help="Accept all findings: write them to the --baseline file.")
@click.option("--all", "every", is_flag=True, help="Show each finding, however many say the same.")
@click.option("--fix", is_flag=True, help="Run the passes that findings carry, and write the module to OUTPUT.")
@click.option(
    "--fail-on",
    type=click.Choice(["note", "warning", "error"]),
    help="The mildest finding that makes the exit code 1.  [default: note, unless the configuration says otherwise]",
)
@click.option("--config", type=FILE, help="Configuration to use instead of the nearest wasmrewrite.toml.")
@click.option("--no-plugins", is_flag=True, help="Use built-in rules and passes only.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, SARIF 2.1.0, or annotations of GitHub workflows.",
)
def command(modules: tuple[str, ...], output: str | None, form: str, **options: Any) -> int:
    """Say what is suspicious about a module.

    A MODULE is a file, a folder, which stands for all *.wasm in and below it, or a pattern such as "dist/**/*.wasm".

    Imports from namespaces that nobody offers, symbols that leaked out of a link, exports that are not what they seem,
    leftovers of the build, and whatever a policy forbids; of imported functions also who calls them. Settings come from
    the table [lint] of the nearest wasmrewrite.toml, pyproject.toml or Cargo.toml; 'wasmrewrite rule' explains rules.
    Code is not looked at unless somebody needs it. Of very many findings of one rule people are shown some, and how
    many more there are.

    Exit codes: 0 nothing found, 1 something found, 2 usage, 3 bad input; of several modules the others are looked at
    nevertheless.

    \b
    Example:
      wasmrewrite lint app.wasm
      wasmrewrite lint dist/ plugin.wasm --fail-on error
      wasmrewrite lint app.wasm --against interface.toml --format sarif -o lint.sarif
      wasmrewrite lint app.wasm --fix -o mended.wasm
    """
    meant = modules_of(modules)
    _check_usage(meant.paths, meant.several, output, options)
    settings = _settings(options)
    task = Task(settings, _rules(settings, not options["no_plugins"]), _baseline(options), form, options)
    if not meant.several:
        return _one(meant.paths[0], task, output)
    from .lint_several import look_at_all

    return look_at_all(meant.paths, task, output)


def _one(module: str, task: Task, output: str | None) -> int:
    source = streams.read_module(module)
    with source.blamed():
        outcome, mended = _run(source, module, task)
    if task.options["write_baseline"]:
        from ..lint import baseline_to_json

        return write_baseline(task.options["baseline"], baseline_to_json(outcome.findings), len(outcome.findings))
    add_calls(outcome, mended)
    if task.options["fix"]:  # the report is about what is written, and its offsets are
        source, module = streams.Input(for_terminal(output or ""), mended), output or ""
    text = _rendered(source, module, outcome, task)
    if task.options["fix"]:
        streams.write_all([(output or "", mended)])
        (sys.stderr if output == streams.STANDARD else sys.stdout).write(text)
    else:
        tell(text, output)
    return task.code([outcome])


# --- what is asked for ----------------------------------------------------------------------------------------------


def _check_usage(modules: Sequence[str], several: bool, output: str | None, options: dict[str, Any]) -> None:
    files = [*modules, options["config"], options["baseline"], *options["against"]]
    streams.refuse_twice(files, "input")
    if several and options["fix"]:
        raise click.UsageError("--fix mends one module at a time, into the file that -o names")
    if options["write_baseline"] and options["baseline"] in (None, streams.STANDARD):
        raise click.UsageError("say which file to write with --baseline")
    if options["write_baseline"] and options["fix"]:
        raise click.UsageError("--write-baseline accepts what --fix would mend; do one after the other")
    if options["fix"]:
        if output is None:
            raise click.UsageError("say where the mended module goes with -o")
        streams.refuse_binary_to_terminal(output)


def _settings(options: dict[str, Any]) -> Settings:
    """What the configuration says, with the command line on top."""
    from ..lint import parse_settings
    from ..lint.settings import severity

    config = read_config(options["config"])
    where = "lint" if config.path is None else f"{config.path.name}: lint"
    settings = parse_settings(config.lint, where)
    folder = Path() if config.path is None else config.path.parent
    expected = [_expected(each, folder, configured=True) for each in settings.against]
    expected += [_expected(each, Path()) for each in options["against"]]
    fail_on = options["fail_on"]
    return replace(
        settings,
        select=options["select"] or settings.select,
        ignore=(*settings.ignore, *options["ignore"]),
        fail_on=settings.fail_on if fail_on is None else severity(fail_on, "--fail-on"),
        expected=tuple(expected),
    )


def _expected(text: str, folder: Path, configured: bool = False) -> Expected:
    """What ``[NAMESPACE=]FILE`` stands for; ``configured``: a configuration says so.

    Raises ``OSError``, ``ConfigError``, ``click.UsageError``, and what reading a module raises.
    """
    from ..lint import Expected
    from ..model import Module
    from ..rewrite import parse_interface

    namespace, equals, name = text.rpartition("=")
    if (folder / text).exists():
        namespace, equals, name = "", "", text
    path = name if name == streams.STANDARD else str(folder / name)
    if configured:
        streams.refuse_streams(path)
    source = streams.read_module(path)
    only = namespace if equals else None
    if source.data.startswith(_MAGIC):
        with source.blamed():
            module = Module.from_bytes(source.data)
            _ = module.exports, module.types  # what is wrong with these is the fault of this file
            return Expected(source.name, only, module=module)
    try:
        document = source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{source.name}: neither a module nor an interface file") from None
    return Expected(source.name, only, interface=parse_interface(document, source.name))


def _rules(settings: Settings, plugins: bool) -> list[type[Rule]]:
    from ..lint import selected

    return selected(settings.select, settings.ignore, plugins)


def _baseline(options: dict[str, Any]) -> Counter[str]:
    from ..lint import baseline_from_json

    path = options["baseline"]
    if path is None or options["write_baseline"]:
        return Counter()
    try:
        return baseline_from_json(json.loads(streams.read_text(path)), path)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is no JSON: {error}") from None


# --- running and mending --------------------------------------------------------------------------------------------


def _run(source: Input, path: str, task: Task) -> tuple[Outcome, bytes]:
    """Look at a module, and with ``--fix`` mend it and look again. Returns the module's bytes, too."""
    key = key_of(path, task)
    outcome = _look(source.data, key, task)
    if not task.options["fix"]:
        return outcome, source.data
    data, fixed, failed = _mend(source.data, outcome.open, task.plugins)
    outcome = _look(data, key, task)
    outcome.fixed, outcome.failed = fixed, failed
    return outcome, data


def _look(data: bytes, key: str, task: Task) -> Outcome:
    from ..lint import apply_baseline, lint
    from ..model import Module

    found = lint(Module.from_bytes(data), task.settings, task.rules, task.plugins)
    return Outcome(*apply_baseline(found, task.accepted, key))


def _mend(data: bytes, findings: Sequence[Finding], plugins: bool) -> tuple[bytes, list[Fix], list[tuple[Fix, str]]]:
    """Run the passes of all fixes, each once; one that refuses leaves the rest to the others."""
    from ..model import Module
    from ..rewrite import Pipeline
    from ..rewrite.config import PassEntry, build_passes

    fixed, failed = [], []
    fixes = {repr(each.fix): each.fix for each in findings if each.fix is not None}
    for fix in fixes.values():
        try:
            passes = build_passes([PassEntry(fix.pass_name, fix.options)], plugins)
            data = Pipeline(passes).run(Module.from_bytes(data)).data
        except WasmError as error:
            failed.append((fix, error.message))
        else:
            fixed.append(fix)
    return data, fixed, failed


# --- telling --------------------------------------------------------------------------------------------------------


def _rendered(source: Input, path: str, outcome: Outcome, task: Task) -> str:
    if task.form == "sarif":
        from .sarif import Artifact, log

        return as_json(log([(Artifact.of(path, source.data), outcome.findings)], task.rules))
    if task.form == "json":
        return as_json(data_of(source, outcome))
    if task.form == "github":
        return Report({}, [*workflow_commands(path, outcome, task.every)]).render("text")
    lines = text_lines(source, outcome, task.every)
    return Report({}, [*lines]).render("text")
