"""``wasmrewrite rule``: the rules of lint, and what one of them means. Not here: the rules (``wasmrewrite.lint``)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import for_terminal
from . import completion
from .options import report_output
from .report import Document, Format, Report, Table, emit

if TYPE_CHECKING:
    from ..lint import Example, Rule

LIST_SCHEMA: Final = "wasmrewrite.rules/1"
RULE_SCHEMA: Final = "wasmrewrite.rule/1"
_WIDTH: Final = 96


@click.command
@click.argument("rule", required=False, shell_complete=completion.rules)
@click.option("--no-plugins", is_flag=True, help="Look at built-in rules only.")
@report_output
def command(rule: str | None, no_plugins: bool, output: str, form: Format) -> None:
    """List the rules of lint, or explain one.

    RULE is a code or a name. Examples are modules in text form; comments in front of them say which settings are in
    force. Rules of installed packages are listed with the others; lint runs them where they are selected.

    \b
    Example:
      wasmrewrite rule
      wasmrewrite rule WR110
      wasmrewrite rule address-global
    """
    from ..lint import find

    emit(_list(not no_plugins) if rule is None else _one(find(rule, not no_plugins)), form, output)


def _list(plugins: bool) -> Report:
    from ..lint import built_in, installed

    others, failures = installed() if plugins else ([], [])
    found = [*(_entry(each, True) for each in built_in()), *(_entry(each, False) for each in others)]
    rows = [tuple(for_terminal(str(each[key])) for key in ("code", "name", "severity", "summary")) for each in found]
    document: Document = [Table(("code", "rule", "severity", "finds"), rows, (), 0)]
    document += [for_terminal(f"note: {each}") for each in failures]
    return Report({"schema": LIST_SCHEMA, "rules": found, "not_loaded": failures}, document)


def _entry(rule: type[Rule], built_in: bool) -> dict[str, Any]:
    from ..lint.pages import paragraphs

    return {
        "code": rule.code,
        "name": rule.rule_name(),
        "severity": str(rule.severity),
        "summary": paragraphs(rule)[0],
        "built_in": built_in,
    }


def _one(rule: type[Rule]) -> Report:
    from ..lint.pages import paragraphs

    said = paragraphs(rule)
    data = {
        "schema": RULE_SCHEMA,
        "code": rule.code,
        "name": rule.rule_name(),
        "severity": str(rule.severity),
        "message": rule.message,
        "documentation": said,
        "bad": [_example(each) for each in rule.bad],
        "good": [_example(each) for each in rule.good],
    }
    document: Document = [for_terminal(f"{rule.code} {rule.rule_name()} ({rule.severity})")]
    for paragraph in said:
        document += ["", *(for_terminal(line) for line in textwrap.wrap(paragraph, _WIDTH))]
    for heading, examples in (("found in:", rule.bad), ("nothing found in:", rule.good)):
        document += ["", heading, *_shown(examples)] if examples else []
    return Report(data, document)


def _example(example: Example) -> dict[str, Any]:
    return {
        "wat": example.wat,
        "config": example.config,
        "interface": example.interface,
        "about": list(example.names),
    }


def _shown(examples: tuple[Example, ...]) -> Document:
    from ..lint.pages import shown

    document: Document = []
    for example in examples:
        document += ["", *(f"  {for_terminal(line)}" for line in shown(example).splitlines())]
    return document
