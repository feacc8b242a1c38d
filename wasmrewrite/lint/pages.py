"""What a rule's class says of it, as paragraphs and as a page of documentation; no files.

``tools/rule_pages.py`` writes the pages, ``wasmrewrite rule`` shows the same on a terminal.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable

from .rule import Example, Rule

MADE = "<!-- Made by tools/rule_pages.py from the rule's class. -->"


def paragraphs(rule: type[Rule]) -> list[str]:
    """The documentation of a rule: what it finds, then why that matters and what to do; code in single backticks."""
    text = inspect.cleandoc(rule.__doc__ or "").replace("``", "`")
    return [" ".join(each.split()) for each in text.split("\n\n")]


def page(rule: type[Rule]) -> str:
    """A Markdown page."""
    first, *others = paragraphs(rule)
    parts = [f"# {rule.code} {rule.rule_name()}", MADE, f"**{first}**", f"Severity: {rule.severity}.", *others]
    parts.append(f"Message: `{rule.message}`")
    parts.append("## Found")
    for example in rule.bad:
        parts += [*_block(example), f"Found about: {', '.join(f'`{name}`' for name in example.names)}"]
    parts.append("## Fine")
    for example in rule.good:
        parts += _block(example)
    return "\n\n".join(_filled(part) for part in parts) + "\n"


def index(rules: Iterable[type[Rule]]) -> str:
    """The page that lists all rules."""
    lines = [
        "# Rules of `wasmrewrite lint`",
        "",
        MADE,
        "",
        "| code | name | severity | what it finds |",
        "|---|---|---|---|",
    ]
    for rule in rules:
        name = rule.rule_name()
        first = paragraphs(rule)[0].replace("|", "\\|")
        lines.append(f"| {rule.code} | [{name}]({name}.md) | {rule.severity} | {first} |")
    return "\n".join(lines) + "\n"


def shown(example: Example) -> str:
    """The text of an example, with what is in force as comments in front."""
    lines = [f";; [lint] {line}" for line in example.config.splitlines()]
    lines += [f";; interface: {line}" for line in example.interface.splitlines()]
    first, newline, rest = example.wat.partition("\n")
    return "\n".join([*lines, first + newline + textwrap.indent(textwrap.dedent(rest), "  ")])


def _block(example: Example) -> list[str]:
    return [f"```wat\n{shown(example)}\n```"]


def _filled(part: str) -> str:
    if part.startswith(("```", "#", "<!--", "Message:")):
        return part
    return textwrap.fill(part, 116, break_long_words=False, break_on_hyphens=False)
