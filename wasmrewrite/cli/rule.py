"""``wasmrewrite rule``: the rules of lint, and what one of them means. Not here: the rules (``wasmrewrite.lint``)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import click

from .escape import for_terminal
from .options import report_output
from .report import Document, Format, Report, Table, emit

if TYPE_CHECKING:
    from ..lint import Example, Rule

LIST_SCHEMA: Final = "wasmrewrite.rules/1"
RULE_SCHEMA: Final = "wasmrewrite.rule/1"
_WIDTH: Final = 96


@click.command
@click.argument("rule", required=False)
@report_output
def command(rule: str | None, output: str, form: Format) -> None:
    """List the rules of lint, or explain one.

    RULE is a code or a name. Examples are modules in text form; comments in front of them say which settings are in
    force.

    \b
    Example:
      wasmrewrite rule
      wasmrewrite rule WR110
      wasmrewrite rule address-global
    """
    from ..lint import find

    emit(_list() if rule is None else _one(find(rule)), form, output)


def _list() -> Report:
    from ..lint import built_in
    from ..lint.pages import paragraphs

    found = [
        {"code": each.code, "name": each.rule_name(), "severity": str(each.severity), "summary": paragraphs(each)[0]}
        for each in built_in()
    ]
    rows = [tuple(map(for_terminal, each.values())) for each in found]
    return Report({"schema": LIST_SCHEMA, "rules": found}, [Table(("code", "rule", "severity", "finds"), rows, (), 0)])


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
    document += ["", "found in:", *_shown(rule.bad), "", "nothing found in:", *_shown(rule.good)]
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
