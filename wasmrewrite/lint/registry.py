"""Rules by code and name. Built-in ones are found by file name; installed ones by entry point, only when selected by
name.

Not here: what a rule is (``rule``).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module, metadata
from typing import Any, Final

from ..errors import ConfigError
from .rule import Rule

GROUP: Final = "wasmrewrite.lint"


@cache
def built_in() -> tuple[type[Rule], ...]:
    """All built-in rules, by code."""
    from . import rules

    names = [each.name for each in pkgutil.iter_modules(rules.__path__)]
    found = [
        _checked(getattr(import_module(f"{rules.__name__}.{name}"), class_name(name), None), name) for name in names
    ]
    return tuple(sorted(found, key=lambda rule: rule.code))


def class_name(file_name: str) -> str:
    """The class in a file: ``address_global`` holds ``AddressGlobal``."""
    return "".join(word.capitalize() for word in file_name.split("_"))


def find(word: str, plugins: bool = True) -> type[Rule]:
    """The rule with a code or name. Raises ``ConfigError``."""
    for rule in built_in():
        if code_or_name(rule, word):
            return rule
    entries = list(metadata.entry_points(group=GROUP, name=word)) if plugins else []
    if len(entries) == 1:
        return _checked(_loaded(entries[0]), word)
    if entries:
        raise ConfigError(
            f"rule {word!r} is installed {len(entries)} times: {', '.join(each.value for each in entries)}"
        )
    raise ConfigError(f"unknown rule {word!r}{_near(word)}")


def code_or_name(rule: type[Rule], word: str) -> bool:
    """Whether ``word`` means exactly this rule."""
    return word.upper() == rule.code or word == rule.rule_name()


def selected(select: Sequence[str], ignore: Sequence[str], plugins: bool = True) -> list[type[Rule]]:
    """The rules to run. Raises ``ConfigError`` for a word that means no rule."""
    rules = _meant(select, plugins) if select else list(built_in())
    left_out = _meant(ignore, plugins)
    return [rule for rule in rules if rule not in left_out]


def _meant(words: Iterable[str], plugins: bool) -> list[type[Rule]]:
    """The rules that words mean: a code, a name, or the beginning of codes."""
    found: list[type[Rule]] = []
    for word in words:
        family = [rule for rule in built_in() if word and rule.code.startswith(word.upper())]
        found += family or [find(word, plugins)]
    return list(dict.fromkeys(found))


def _near(word: str) -> str:
    names = [each for rule in built_in() for each in (rule.code, rule.rule_name())]
    near = get_close_matches(word[:100], names, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _loaded(entry: metadata.EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"rule {entry.name!r} cannot be loaded from {entry.value}: {error}") from error


def _checked(found: Any, name: str) -> type[Rule]:
    if isinstance(found, type) and issubclass(found, Rule):
        return found
    raise ConfigError(f"rule {name!r}: what is there under that name is no rule")
