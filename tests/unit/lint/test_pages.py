from __future__ import annotations

from tools.rule_pages import faults, pages
from wasmrewrite.lint import built_in, find
from wasmrewrite.lint.pages import page


def test_the_pages_in_docs_say_what_the_rules_say() -> None:
    assert faults() == [], "run tools/rule_pages.py"


def test_there_is_a_page_for_every_rule() -> None:
    assert set(pages()) == {"README.md", *(f"{rule.rule_name()}.md" for rule in built_in())}


def test_a_page_shows_settings_and_findings() -> None:
    text = page(find("WR114"))
    assert text.startswith("# WR114 env-import\n")
    assert ';; [lint] env-module = "js"\n' in text
    assert "Found about: `greet`" in text
