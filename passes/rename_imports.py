"""Rename modules and names of imports.

Before: ``(import "env" "log" ...)``     After: ``(import "js" "log" ...)``, with ``module=env=js``

Rules are ``OLD=NEW``, where ``*`` and ``?`` in OLD match any text and any character; a ``*`` in NEW is replaced by what
the ``*`` in OLD matched. The first rule that matches an import applies. A second run changes nothing, unless the result
of a rule matches a rule again, as with ``*=host_*``.
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

    module: tuple[str, ...] = option(help="rule for modules", show="OLD=NEW", default=())
    name: tuple[str, ...] = option(help="rule for names", show="OLD=NEW", default=())
    match_module: tuple[str, ...] = option(
        help="rename only imports whose module matches", show="PATTERN", default=("*",)
    )
    match_name: tuple[str, ...] = option(help="rename only imports whose name matches", show="PATTERN", default=("*",))

    def run(self, module: Module, edit: Editor) -> None:
        """Rename imports. Raises ``ConfigError`` without a rule, since it would silently do nothing."""
        if not self.module and not self.name:
            raise ConfigError("no rules; use rename-imports.module=OLD=NEW or rename-imports.name=OLD=NEW")
        known = [(item, origin) for item, origin in _origins(module) if self._chosen(origin)]
        everywhere = [origin for _, origin in _origins(module)]
        modules = _Words([each.module for _, each in known], [each.module for each in everywhere]).rules(
            self.module, edit
        )
        names = _Words([each.name for _, each in known], [each.name for each in everywhere]).rules(self.name, edit)
        renamed = {item: Import(_new(origin.module, modules), _new(origin.name, names)) for item, origin in known}
        _refuse_merging(module, renamed)
        changes = set()
        for item, origin in known:
            if renamed[item] != origin:
                edit.rename_import(item, renamed[item])
                changes.add((str(origin), str(renamed[item])))
        for old, new in sorted(changes):
            edit.note(f"renamed import '{old}' to '{new}'")

    def _chosen(self, origin: Import) -> bool:
        return any(fnmatchcase(origin.module, each) for each in self.match_module) and any(
            fnmatchcase(origin.name, each) for each in self.match_name
        )


def _origins(module: Module) -> Iterator[tuple[Item, Import]]:
    for item in module.imports:
        origin = item.origin
        if isinstance(origin, Import):
            yield item, origin


@dataclass(frozen=True, slots=True)
class _Words:
    """Modules or names: those of the selected imports, and those of all imports."""

    chosen: list[str]
    everywhere: list[str]

    def rules(self, texts: tuple[str, ...], edit: Editor) -> list[tuple[re.Pattern[str], str]]:
        """Return patterns with a group for each ``*``, and the replacements."""
        return [self._rule(text, edit) for text in texts]

    def _rule(self, text: str, edit: Editor) -> tuple[re.Pattern[str], str]:
        old, equals, new = text.partition("=")
        if not equals:
            raise ConfigError(f"invalid rule {text!r}; expected OLD=NEW")
        if new.count("*") > old.count("*"):
            raise ConfigError(f"invalid rule {text!r}: NEW contains more '*' than OLD")
        pattern = _pattern(old, _GLOB)
        if not any(pattern.fullmatch(word) for word in self.chosen):
            self._report_if_done(text, old, new, edit)
        return pattern, new

    def _report_if_done(self, text: str, old: str, new: str, edit: Editor) -> None:
        """Accept a rule without a match if an import already has the new name, as after an earlier run.

        If OLD still looks misspelled this is a warning, otherwise a note. Raises ``RewriteError`` if no import has it.
        """
        made = _pattern(new, {"*": _GLOB["*"]})
        done = next((word for word in self.everywhere if made.fullmatch(word)), None)
        if done is None:
            raise RewriteError(f"{text!r} matches no import{did_you_mean(old, self.chosen)}")
        close = did_you_mean(old, [word for word in self.chosen if not made.fullmatch(word)])
        report = edit.warn if close.startswith(";") or not new.strip("*") else edit.note
        report(
            f"{text!r} matches no import",
            f"{done!r} exists, taken as the result of an earlier run" + (close if close.startswith(";") else ""),
        )


def _pattern(text: str, wild: dict[str, str]) -> re.Pattern[str]:
    return re.compile("".join(wild.get(each, re.escape(each)) for each in text), re.DOTALL)


def _new(word: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, new in rules:
        found = pattern.fullmatch(word)
        if found is not None:
            first, *others = new.split("*")
            return first + "".join(part + rest for part, rest in zip(found.groups(), others, strict=False))
    return word


def _refuse_merging(module: Module, renamed: dict[Item, Import]) -> None:
    """Raise ``RewriteError`` if two different imports would get the same name: the host could not distinguish them."""
    owners: dict[Import, Import] = {}
    for item, origin in _origins(module):
        new = renamed.get(item, origin)
        if owners.setdefault(new, origin) != origin:
            raise RewriteError(f"cannot rename both '{owners[new]}' and '{origin}' to '{new}'")
