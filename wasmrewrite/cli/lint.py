"""``wasmrewrite lint``: what rules say of a module, and mending what passes can mend.

Not here: the rules (``wasmrewrite.lint``), SARIF (``sarif``).
"""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import ConfigError, WasmError
from ..spelling import clipped
from . import exits, streams
from .configured import read_config
from .escape import as_json, for_annotation, for_annotation_property, for_terminal
from .options import FILE, module_argument
from .report import Report
from .ways import called_by

if TYPE_CHECKING:
    from ..lint import Expected, Finding, Fix, Rule, Settings
    from .streams import Input

SCHEMA: Final = "wasmrewrite.lint/1"
_MAGIC: Final = b"\0asm"
_LEVELS: Final = {"error": "error", "warning": "warning", "note": "notice"}


@dataclass(slots=True)
class Outcome:
    """What came of a run: findings (of the mended module, if it was mended), and what became of fixes.

    ``stale`` counts what the baseline accepts and no longer occurs; ``unknown`` says why nobody knows who calls what.
    """

    findings: list[Finding]
    stale: int = 0
    unknown: str = ""
    fixed: list[Fix] = field(default_factory=list)
    failed: list[tuple[Fix, str]] = field(default_factory=list)

    @property
    def open(self) -> list[Finding]:
        """The findings that no baseline accepts."""
        return [each for each in self.findings if not each.suppressed]


@click.command
@module_argument("module")
@click.option("-o", "--output", type=FILE, help="Where the report goes; with --fix, the mended module.")
@click.option("--select", multiple=True, metavar="RULE", help="Run only this rule (code, beginning of codes, name).")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave this rule out.")
@click.option(
    "--against",
    multiple=True,
    metavar="[NAMESPACE=]FILE",
    help="Interface file, or module, that imports have to fit; of NAMESPACE only, if given.",
)
@click.option("--baseline", type=FILE, help="Findings that are accepted: only others count.")
@click.option("--write-baseline", is_flag=True, help="Accept all findings: write them to the --baseline file.")
@click.option("--fix", is_flag=True, help="Run the passes that findings carry, and write the module to OUTPUT.")
@click.option(
    "--fail-on", type=click.Choice(["note", "warning", "error"]), help="The mildest finding that makes the exit code 1."
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
def command(module: str, output: str | None, form: str, **options: Any) -> int:
    """Say what is suspicious about a module.

    Imports from namespaces that nobody offers, symbols that leaked out of a link, exports that are not what they seem,
    leftovers of the build, and whatever a policy forbids; of imported functions also who calls them. Settings come from
    the table [lint] of the nearest wasmrewrite.toml, pyproject.toml or Cargo.toml; 'wasmrewrite rule' explains rules.
    Code is not looked at unless somebody needs it.

    Exit codes: 0 nothing found, 1 something found, 2 usage, 3 bad input.

    \b
    Example:
      wasmrewrite lint app.wasm
      wasmrewrite lint app.wasm --against interface.toml --format sarif -o lint.sarif
      wasmrewrite lint app.wasm --fix -o mended.wasm
    """
    _check_usage(module, output, options)
    settings = _settings(options)
    rules = _rules(settings, not options["no_plugins"])
    accepted = _baseline(options)
    source = streams.read(module)
    with source.blamed():
        outcome, mended = _run(source, settings, rules, accepted, options)
    if options["write_baseline"]:
        return _write_baseline(options["baseline"], outcome)
    _add_calls(outcome, mended)
    if options["fix"]:  # the report is about what is written, and its offsets are
        source, module = streams.Input(for_terminal(output or ""), mended), output or ""
    text = _rendered(form, source, module, outcome, rules)
    if options["fix"]:
        streams.write_all([(output or "", mended)])
        (sys.stderr if output == streams.STANDARD else sys.stdout).write(text)
    elif output not in (None, streams.STANDARD):
        streams.write_all([(output or "", text.encode("utf-8", "backslashreplace"))])
    else:
        sys.stdout.write(text)
    return exits.FOUND if any(each.severity >= settings.fail_on for each in outcome.open) else exits.FINE


# --- what is asked for ----------------------------------------------------------------------------------------------


def _check_usage(module: str, output: str | None, options: dict[str, Any]) -> None:
    files = [module, options["config"], options["baseline"], *options["against"]]
    streams.refuse_twice(files, "input")
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
    source = streams.read(path)
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


def _run(
    source: Input, settings: Settings, rules: Sequence[type[Rule]], accepted: Counter[str], options: dict[str, Any]
) -> tuple[Outcome, bytes]:
    """Look at a module, and with ``--fix`` mend it and look again. Returns the module's bytes, too."""
    outcome = _look(source.data, settings, rules, accepted)
    if not options["fix"]:
        return outcome, source.data
    data, fixed, failed = _mend(source.data, outcome.open, not options["no_plugins"])
    outcome = _look(data, settings, rules, accepted)
    outcome.fixed, outcome.failed = fixed, failed
    return outcome, data


def _look(data: bytes, settings: Settings, rules: Sequence[type[Rule]], accepted: Counter[str]) -> Outcome:
    from ..lint import apply_baseline, lint
    from ..model import Module

    return Outcome(*apply_baseline(lint(Module.from_bytes(data), settings, rules), accepted))


def _add_calls(outcome: Outcome, data: bytes) -> None:
    """Say of imports who calls them. Code that cannot be read is no reason to keep quiet about the rest."""
    from ..lint import with_calls
    from ..model import Module

    try:
        outcome.findings = with_calls(Module.from_bytes(data), outcome.findings)
    except WasmError as error:
        outcome.unknown = str(error)


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


def _write_baseline(path: str, outcome: Outcome) -> int:
    from ..lint import baseline_to_json

    streams.write_all([(path, as_json(baseline_to_json(outcome.findings)).encode())])
    count = len(outcome.findings)
    print(f"accepted {count} finding{'s' * (count != 1)} in {for_terminal(path)}")
    return exits.FINE


# --- telling --------------------------------------------------------------------------------------------------------


def _rendered(form: str, source: Input, path: str, outcome: Outcome, rules: Sequence[type[Rule]]) -> str:
    if form == "sarif":
        from .sarif import log

        return as_json(log(source.data, path, outcome.findings, rules))
    if form == "json":
        return as_json(_data(source, outcome))
    lines = _annotations(path, outcome) if form == "github" else _lines(source, outcome)
    return Report({}, [*lines]).render("text")


def _data(source: Input, outcome: Outcome) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "module": source.name,
        "findings": [each.to_json() for each in outcome.open],
        "accepted": [each.to_json() for each in outcome.findings if each.suppressed],
        "stale": outcome.stale,
        "calls_unknown": outcome.unknown or None,
        "fixed": [fix.to_json() for fix in outcome.fixed],
        "not_fixed": [{**fix.to_json(), "why": why} for fix, why in outcome.failed],
    }


def _lines(source: Input, outcome: Outcome) -> list[str]:
    lines = [f"fixed: {_fix_words(fix)}" for fix in outcome.fixed]
    lines += [f"not fixed: {_fix_words(fix)}: {for_terminal(why)}" for fix, why in outcome.failed]
    for each in outcome.open:
        offset = f"0x{each.position.offset or 0:x}"
        lines.append(f"{source.name}:{offset}: {each.severity} {each.code} {each.rule}: {for_terminal(each.message)}")
        where = ": ".join(each.position.path)
        if where:
            lines.append(f"    in {for_terminal(where)}")
        if each.calls is not None:
            lines.append(f"    {called_by(each.calls)}")
        if each.fix is not None:
            lines.append(f"    fix: {_fix_words(each.fix)}")
    if outcome.unknown:
        lines.append(f"{source.name}: nobody knows who calls what: {for_terminal(clipped(outcome.unknown))}")
    return [*lines, _summary(source, outcome)]


def _fix_words(fix: Fix) -> str:
    """What a fix does, and how to ask for it: what stands there can be copied into a shell, whatever the names hold."""
    options = [f"{fix.pass_name}.{name}={value}" for name, values in fix.options.items() for value in values]
    words = ["--pass", fix.pass_name, *(word for option in options for word in ("--set", option))]
    return for_terminal(f"{fix.what} ({shlex.join(words)})")


def _summary(source: Input, outcome: Outcome) -> str:
    counts = Counter(str(each.severity) for each in outcome.open)
    words = [
        f"{counts[each]} {each}{'s' * (counts[each] != 1)}" for each in ("error", "warning", "note") if counts[each]
    ]
    said = [f"{source.name}: {', '.join(words) or 'nothing found'}"]
    accepted = len(outcome.findings) - len(outcome.open)
    if accepted:
        said.append(f"{accepted} accepted by the baseline")
    if outcome.stale:
        said.append(f"{outcome.stale} in the baseline no longer occur{'s' * (outcome.stale == 1)}")
    mendable = sum(each.fix is not None for each in outcome.open)
    if mendable:
        said.append(f"--fix mends {mendable}")
    return "; ".join(said)


def _annotations(path: str, outcome: Outcome) -> list[str]:
    lines = []
    for each in outcome.open:
        title = for_annotation_property(f"{each.code} {each.rule}")
        where = ": ".join((*each.position.path, f"offset 0x{each.position.offset or 0:x}"))
        calls = "" if each.calls is None else f"; {called_by(each.calls)}"
        text = for_annotation(f"{each.message} ({where}{calls})")
        file = "" if path == streams.STANDARD else f"file={for_annotation_property(path)},"
        lines.append(f"::{_LEVELS[str(each.severity)]} {file}title={title}::{text}")
    return lines
