"""Passes by name. Built-in ones are found by file name and imported one at a time; installed ones by entry point.

Entry points of the group ``wasmrewrite.passes`` are looked at only for names that are not built in, so that no package
can take a built-in name or run code unasked.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ..errors import ConfigError
from .base import ModulePass
from .suggest import did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "wasmrewrite.passes"


@cache
def _built_in() -> dict[str, str]:
    """Pass name → module, for every file in the package of passes; no pass is imported."""
    package = import_module(GROUP)
    return {each.name.replace("_", "-"): f"{GROUP}.{each.name}" for each in pkgutil.iter_modules(package.__path__)}


def names(plugins: bool = True) -> list[str]:
    """All pass names, built-in ones first; with ``plugins`` those of installed packages too, nothing being imported."""
    built_in = sorted(_built_in())
    others = {entry.name for entry in _installed()} if plugins else set()
    return [*built_in, *sorted(others.difference(built_in))]


def find(name: str, plugins: bool = True) -> type[ModulePass]:
    """The pass called ``name``. Raises ``ConfigError``: there is none, or what has that name is no pass."""
    built_in = _built_in()
    if name in built_in:
        class_name = "".join(word.capitalize() for word in name.split("-"))
        return _checked(getattr(import_module(built_in[name]), class_name, None), name, built_in[name])
    entries = [entry for entry in _installed() if entry.name == name] if plugins else []
    if len(entries) > 1:
        places = ", ".join(each.value for each in entries)
        raise ConfigError(f"pass {name!r} is installed {len(entries)} times: {places}")
    if not entries:
        raise ConfigError(f"unknown pass {name!r}{did_you_mean(name, names(plugins))}")
    return _checked(_loaded(entries[0]), name, entries[0].value)


def _installed() -> list[EntryPoint]:
    from importlib.metadata import entry_points  # slow to import, and mostly not needed

    return list(entry_points(group=GROUP))


def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:  # loading runs code of others, which may raise anything
        known = isinstance(error, ImportError | AttributeError)
        reason = str(error) if known else f"{type(error).__name__}: {error}"
        raise ConfigError(f"pass {entry.name!r} cannot be loaded from {entry.value}: {reason}") from error


def _checked(found: Any, name: str, place: str) -> type[ModulePass]:
    if isinstance(found, type) and issubclass(found, ModulePass):
        return found
    raise ConfigError(f"pass {name!r}: {place} holds no pass of that name")
