"""Import things under other names.

Before: ``(import "env" "log" ...)``     After: ``(import "js" "log" ...)``, with ``module=env=js``

Rules are ``OLD=NEW``, where ``*`` and ``?`` in OLD stand for anything and any character; a ``*`` in NEW stands for what
the ``*`` of OLD matched. For each import the first rule that matches counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from wasmrewrite.rewrite import (
    ConfigError,
    Editor,
    Import,
    Item,
    Module,
    ModulePass,
    RewriteError,
    did_you_mean,
    option,
)

_GLOB = {"*": "(.*)", "?": "."}


@dataclass(frozen=True, slots=True)
class RenameImports(ModulePass):
    """Rename modules and names of imports; two different imports never become one."""

    module: tuple[str, ...] = option(help="rename modules", show="OLD=NEW", default=())
    name: tuple[str, ...] = option(help="rename names", show="OLD=NEW", default=())
    within: tuple[str, ...] = option(help="only imports from modules like these", show="PATTERN", default=("*",))
    only: tuple[str, ...] = option(help="only imports with names like these", show="PATTERN", default=("*",))

    def run(self, module: Module, edit: Editor) -> None:
        """Rename imports."""
        known = [(item, origin) for item, origin in _origins(module) if self._chosen(origin)]
        modules = _rules(self.module, [origin.module for _, origin in known])
        names = _rules(self.name, [origin.name for _, origin in known])
        renamed = {item: Import(_new(origin.module, modules), _new(origin.name, names)) for item, origin in known}
        _refuse_merging(module, renamed)
        told = set()
        for item, origin in known:
            if renamed[item] != origin:
                edit.rename_import(item, renamed[item])
                told.add((str(origin), str(renamed[item])))
        for old, new in sorted(told):
            edit.note(f"import {old} is {new} now")

    def _chosen(self, origin: Import) -> bool:
        return any(fnmatchcase(origin.module, each) for each in self.within) and any(
            fnmatchcase(origin.name, each) for each in self.only
        )


def _origins(module: Module) -> Iterator[tuple[Item, Import]]:
    for item in module.imports:
        origin = item.origin
        if isinstance(origin, Import):
            yield item, origin


def _rules(texts: tuple[str, ...], words: list[str]) -> list[tuple[re.Pattern[str], str]]:
    """Patterns with a group for each ``*``, and what becomes of what they match."""
    rules = []
    for text in texts:
        old, equals, new = text.partition("=")
        if not equals:
            raise ConfigError(f"{text!r} is no OLD=NEW")
        if new.count("*") > old.count("*"):
            raise ConfigError(f"{text!r}: NEW has more * than OLD")
        pattern = re.compile("".join(_GLOB.get(each, re.escape(each)) for each in old), re.DOTALL)
        if not any(pattern.fullmatch(word) for word in words):
            raise RewriteError(f"{text!r} matches no import{did_you_mean(old, words)}")
        rules.append((pattern, new))
    return rules


def _new(word: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, new in rules:
        found = pattern.fullmatch(word)
        if found is not None:
            first, *others = new.split("*")
            return first + "".join(part + rest for part, rest in zip(found.groups(), others, strict=False))
    return word


def _refuse_merging(module: Module, renamed: dict[Item, Import]) -> None:
    """Two imports of different names may not get the same one: the host could not tell them apart."""
    owners: dict[Import, Import] = {}
    for item, origin in _origins(module):
        new = renamed.get(item, origin)
        if owners.setdefault(new, origin) != origin:
            raise RewriteError(f"imports {owners[new]} and {origin} would both be {new}")
