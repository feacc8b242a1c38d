"""Configuration: which passes with which options, from the command line or the nearest file.

::

    interface = "interface.toml"         # beside the file that says so

    [[pass]]
    name = "add-start"
    function = "init"

    [[pass]]
    name = "rename-imports"
    options.name = ["log=print"]         # in a table of their own, for an option that is called name

In ``wasmrewrite.toml`` this stands at the top, in ``pyproject.toml`` under ``[tool.wasmrewrite]``, in ``Cargo.toml``
under ``[package.metadata.wasmrewrite]``, or for all packages of a workspace under ``[workspace.metadata.wasmrewrite]``.
Files are data: they name passes, never code. Not here: opening files, which the caller does through ``Reader``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from ..errors import ConfigError
from ..renamed import PASS_OPTIONS
from . import registry
from .base import ModulePass
from .options import build, options_of
from .suggest import did_you_mean
from .toml import parse_toml, refuse_unknown

Reader: TypeAlias = Callable[[Path], str | None]
"""Gives the text of a file, None if there is none."""

_OF_PACKAGE: Final = ("package", "metadata", "wasmrewrite")
FILES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "wasmrewrite.toml": ((),),
    "pyproject.toml": (("tool", "wasmrewrite"),),
    "Cargo.toml": (_OF_PACKAGE, ("workspace", "metadata", "wasmrewrite")),
}
"""File names in the order they count, and where in them the configuration may stand, in this order, too."""
_KEYS: Final = ("interface", "pass", "lint")
_PASS_KEYS: Final = ("name", "options")
"""What means the same in every pass; all else beside it is an option."""


@dataclass(frozen=True, slots=True)
class PassEntry:
    """A pass by name, with the values of its options as they were given."""

    name: str
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration. ``path`` is the file it came from, ``interface`` is made absolute by it.

    ``lint`` is the table of that name as it stands; what it means is not known here.
    """

    passes: tuple[PassEntry, ...] = ()
    interface: Path | None = None
    path: Path | None = None
    lint: Mapping[str, object] = field(default_factory=dict)


def load(folder: Path, read: Reader, explicit: Path | None = None) -> Config:
    """The configuration that holds in ``folder``: ``explicit`` if given, else the nearest one upwards, else none.

    In one folder the order of ``FILES`` counts; files are not merged. What a ``Cargo.toml`` says for its package does
    not hold in another package below. Raises ``ConfigError``.
    """
    if explicit is not None:
        text = read(explicit)
        if text is None:
            raise ConfigError(f"{explicit}: no such file")
        return parse(text, explicit) or Config(path=explicit)
    in_package = False
    for place in (folder, *folder.parents):
        for name in FILES:
            text = read(place / name)
            found = None if text is None else parse(text, place / name, in_package)
            if found is not None:
                return found
            if text is not None and name == "Cargo.toml":
                in_package = in_package or _part(parse_toml(text, name), ("package",)) is not None
    return Config()


def parse(text: str, path: Path, in_package: bool = False) -> Config | None:
    """Read a configuration; None if the file has no part for it. Raises ``ConfigError``.

    ``in_package``: for a package in a folder below, so that a package's own part is not meant.
    """
    where = path.name
    document = parse_toml(text, where)
    for keys in FILES.get(path.name, ((),)):
        table = None if in_package and keys == _OF_PACKAGE else _part(document, keys)
        if table is not None:
            return _config(table, path, ".".join(keys))
    return None


def _part(table: Any, keys: Iterable[str]) -> Any:
    """What stands under ``keys``, None if nothing does."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _config(table: object, path: Path, key: str) -> Config:
    where = path.name
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: {key} has to be a table")
    refuse_unknown(table, _KEYS, where)
    interface = table.get("interface")
    if interface is not None and not isinstance(interface, str):
        raise ConfigError(f"{where}: interface has to be the name of a file")
    passes = table.get("pass", [])
    if not isinstance(passes, list):
        raise ConfigError(f"{where}: write [[pass]], a list of tables")
    entries = tuple(_entry(each, f"{where}: pass {at + 1}") for at, each in enumerate(passes))
    lint = table.get("lint", {})
    if not isinstance(lint, dict):
        raise ConfigError(f"{where}: lint has to be a table")
    return Config(entries, None if interface is None else path.parent / interface, path, lint)


def _entry(entry: object, where: str) -> PassEntry:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ConfigError(f"{where}: a pass needs a name")
    beside = {key: value for key, value in entry.items() if key not in _PASS_KEYS}
    apart = entry.get("options", {})
    if not isinstance(apart, dict):
        raise ConfigError(f"{where}: options has to be a table")
    for key in apart:
        if key in beside:
            raise ConfigError(f"{where}: option {key!r} is given twice, in options and beside it")
    return PassEntry(entry["name"], {**beside, **apart})


def parse_set(text: str) -> tuple[str, str, str]:
    """``PASS.OPTION=VALUE`` in its parts; only the first ``=`` counts. Raises ``ConfigError``."""
    left, equals, value = text.partition("=")
    name, dot, wanted = left.strip().partition(".")
    if not equals or not dot or not name or not wanted:
        raise ConfigError(f"{text!r} is no PASS.OPTION=VALUE, such as add-start.function=main")
    return name, wanted, value


def combine(configured: Sequence[PassEntry], chosen: Sequence[str], sets: Iterable[str]) -> tuple[PassEntry, ...]:
    """The passes to run: those ``chosen`` on the command line, else those ``configured``, with ``sets`` applied.

    What is set replaces what a file says; set several times, values accumulate. A pass that is chosen keeps the options
    its file gives it. Raises ``ConfigError``: something is set for a pass that does not run.
    """
    given: dict[str, dict[str, list[object]]] = {}
    for text in sets:
        name, wanted, value = parse_set(text)
        given.setdefault(name, {}).setdefault(wanted, []).append(value)
    known = {entry.name: entry.settings for entry in reversed(configured)}
    entries = [PassEntry(name, known.get(name, {})) for name in chosen] if chosen else list(configured)
    running = [entry.name for entry in entries]
    for name in given:
        if name not in running:
            raise ConfigError(f"options are set for pass {name!r}, which does not run{did_you_mean(name, running)}")
        if running.count(name) > 1:
            raise ConfigError(
                f"pass {name!r} runs {running.count(name)} times; set its options in a configuration file"
            )
    return tuple(PassEntry(entry.name, {**entry.settings, **given.get(entry.name, {})}) for entry in entries)


def build_passes(entries: Iterable[PassEntry], plugins: bool = True) -> list[ModulePass]:
    """The passes of ``entries``. Raises ``ConfigError``: an unknown pass or option, a value that does not fit."""
    return [
        build(registry.find(entry.name, plugins), entry.settings, f"pass {entry.name}", PASS_OPTIONS.get(entry.name))
        for entry in entries
    ]


def describe(kind: type[ModulePass]) -> list[tuple[str, str, str]]:
    """Name, help and default (as text, empty if the option has to be given) of every option of a pass."""
    return [(each.name, each.help, "" if each.required else _shown(each.default)) for each in options_of(kind)]


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return " ".join(map(str, default)) or "none"
    if default is None:
        return "none"
    return str(default).lower() if isinstance(default, bool) else str(default)
