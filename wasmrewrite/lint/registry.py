"""Rules by code and name. Built-in ones are found by file name; installed ones by entry point, and loaded only where a
word means no built-in rule.

Not here: what a rule is (``rule``).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module, metadata
from typing import Any, Final

from ..errors import ConfigError
from ..spelling import nearest
from .finding import Severity
from .rule import Rule
from .settings import Settings

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


def names_of_installed() -> list[str]:
    """The names of the rules of other packages; none is loaded."""
    return sorted({entry.name for entry in _entries()})


def installed() -> tuple[list[type[Rule]], list[str]]:
    """The rules of other packages, all loaded, by name; and what is wrong with those that cannot be."""
    rules, failures = [], []
    for entry in sorted(_entries(), key=lambda each: each.name):
        try:
            rules.append(_loaded(entry))
        except ConfigError as error:
            failures.append(error.message)
    return rules, failures


def find(word: str, plugins: bool = True) -> type[Rule]:
    """The rule with a code or name. Raises ``ConfigError``."""
    found = [rule for rule in built_in() if code_or_name(rule, word)]
    if found:
        return found[0]
    entries = [entry for entry in _entries() if entry.name == word] if plugins else []
    if len(entries) > 1:
        raise ConfigError(
            f"rule {word!r} is installed {len(entries)} times: {', '.join(each.value for each in entries)}"
        )
    if entries:
        return _loaded(entries[0])
    rules, failures = installed() if plugins else ([], [])
    found = [rule for rule in rules if code_or_name(rule, word)]
    if not found:
        raise ConfigError("; ".join([f"unknown rule {word!r}{_near(word, rules)}", *failures]))
    refuse_clashes(found)
    return found[0]


def code_or_name(rule: type[Rule], word: str) -> bool:
    """True if ``word`` means exactly this rule."""
    return word.upper() == rule.code.upper() or word == rule.rule_name()


def selected(select: Sequence[str], ignore: Sequence[str], plugins: bool = True) -> list[type[Rule]]:
    """The rules to run. Raises ``ConfigError`` for a word that means no rule, and for rules that share a code."""
    rules = _meant(select, plugins) if select else list(built_in())
    left_out = _meant(ignore, plugins)
    kept = [rule for rule in rules if rule not in left_out]
    refuse_clashes(kept)
    return kept


def severities(settings: Settings, plugins: bool = True) -> dict[str, Severity]:
    """Code → severity, as the settings say by code or name. Raises ``ConfigError`` for a word that means no rule, and
    where one rule is given two severities.
    """
    found: dict[str, Severity] = {}
    for word, severity in settings.severity.items():
        code = find(word, plugins).code
        if found.setdefault(code, severity) is not severity:
            raise ConfigError(f"severity of rule {word!r} is set twice: {found[code]} and {severity}")
    return found


def refuse_clashes(rules: Iterable[type[Rule]]) -> None:
    """Raise ``ConfigError`` if two rules share a code or a name: nothing could tell their findings apart."""
    seen: dict[str, type[Rule]] = {}
    for rule in rules:
        for what, word in (("code", rule.code.upper()), ("name", rule.rule_name())):
            other = seen.setdefault(word, rule)
            if other is not rule:
                raise ConfigError(f"two rules have the {what} {word!r}: {_place(other)} and {_place(rule)}")


def _meant(words: Iterable[str], plugins: bool) -> list[type[Rule]]:
    """The rules that words mean: a code, a name, or the beginning of codes."""
    found: list[type[Rule]] = []
    for word in words:
        found += _family(word, built_in()) or _of_others(word, plugins)
    return list(dict.fromkeys(found))


def _family(word: str, rules: Iterable[type[Rule]]) -> list[type[Rule]]:
    return [rule for rule in rules if word and rule.code.upper().startswith(word.upper())]


def _of_others(word: str, plugins: bool) -> list[type[Rule]]:
    """The rule with a name or code, else those of other packages whose codes begin with it. Raises ``ConfigError``."""
    try:
        return [find(word, plugins)]
    except ConfigError:
        family = _family(word, installed()[0]) if plugins else []
        if not family:
            raise
        return family


def _near(word: str, others: Iterable[type[Rule]]) -> str:
    names = [each for rule in (*built_in(), *others) for each in (rule.code, rule.rule_name())]
    near = nearest(word, names)
    return f"; did you mean {near[0]!r}?" if near else ""


def _entries() -> list[metadata.EntryPoint]:
    return list(metadata.entry_points(group=GROUP))


def _loaded(entry: metadata.EntryPoint) -> type[Rule]:
    """The rule that an entry point names, under the entry point's name. Raises ``ConfigError``."""
    try:
        found = entry.load()
    except Exception as error:  # loading runs code of others, which may raise anything
        known = isinstance(error, ImportError | AttributeError)
        reason = str(error) if known else f"{type(error).__name__}: {error}"
        raise ConfigError(f"rule {entry.name!r} cannot be loaded from {entry.value}: {reason}") from error
    rule = _named(_checked(found, entry.name), entry.name)  # type: ignore[arg-type]  # a class can be hashed
    refuse_clashes([*built_in(), rule])
    return rule


@cache
def _named(rule: type[Rule], name: str) -> type[Rule]:
    """``rule``, called ``name``: what settings and command lines call it, its findings have to say as well."""
    if rule.rule_name() == name:
        return rule
    return type(rule.__name__, (rule,), {"name": name, "__doc__": rule.__doc__, "__module__": rule.__module__})


def _checked(found: Any, name: str) -> type[Rule]:
    if not isinstance(found, type) or not issubclass(found, Rule):
        raise ConfigError(f"rule {name!r}: what is there under that name is no rule")
    for attribute, kind in (("code", str), ("severity", Severity), ("message", str)):
        if not isinstance(getattr(found, attribute, None), kind) or not getattr(found, attribute):
            raise ConfigError(f"rule {name!r}: {_place(found)} has no {attribute}")
    return found


def _place(rule: type[Rule]) -> str:
    return f"{rule.__module__}:{rule.__name__}"
