"""Options of passes: the fields of a pass, and how they are read from text and from configuration.

A field made with ``option`` is an option in Python, in configuration files and on the command line alike. Its name
there has dashes for underscores; a trailing underscore, which keeps a field apart from a Python keyword, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import ConfigError
from ..spelling import natural
from .suggest import did_you_mean

Built = TypeVar("Built")
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def option(*, help: str, default: Any = MISSING, show: str = "") -> Any:
    """Declare an option. Without ``default`` it has to be given; ``show`` is what help shows for a value."""
    return field(default=default, metadata={"help": help, "show": show})


@dataclass(frozen=True, slots=True)
class Option:
    """An option as users see it. ``repeatable``: given several times, the values accumulate."""

    name: str
    field: str
    kind: Any
    help: str
    show: str
    default: Any
    required: bool

    @property
    def repeatable(self) -> bool:
        """Whether the option takes a list."""
        return get_origin(self.kind) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The words the option takes, if it takes no others."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()


def options_of(kind: type[Any]) -> tuple[Option, ...]:
    """The options of a pass, in order."""
    hints = get_type_hints(kind)
    return tuple(
        Option(
            name=each.name.rstrip("_").replace("_", "-"),
            field=each.name,
            kind=hints[each.name],
            help=each.metadata["help"],
            show=each.metadata["show"],
            default=None if each.default is MISSING else each.default,
            required=each.default is MISSING,
        )
        for each in fields(kind)
        if "help" in each.metadata
    )


def build(
    kind: type[Built], settings: Mapping[str, object], where: str, earlier: Mapping[str, str] | None = None
) -> Built:
    """A pass with ``settings`` (by option name): texts, lists of texts, or values of a configuration file.

    ``earlier`` maps names that options had in earlier releases to those of today.

    Raises ``ConfigError``, which begins with ``where``: an unknown option, one missing, a value of the wrong kind.
    """
    known = {each.name: each for each in options_of(kind)}
    for name in settings:
        if name not in known:
            raise ConfigError(f"{where}: unknown option {name!r}{did_you_mean(name, known, earlier)}")
    for name, each in known.items():
        if each.required and name not in settings:
            raise ConfigError(f"{where}: option {name!r} is missing ({each.help})")
    values = {known[name].field: _value(known[name], value, where) for name, value in settings.items()}
    return kind(**values)


def _value(option: Option, value: object, where: str) -> Any:
    place = f"{where}: option {option.name!r}"
    if option.repeatable:
        element = get_args(option.kind)[0]
        each = value if isinstance(value, list | tuple) else [value]
        return tuple(_single(element, one, place) for one in each)
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise ConfigError(f"{place} is given {len(value)} times")
        value = value[0]
    return _single(option.kind, value, place)


def _single(kind: Any, value: object, place: str) -> Any:
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is Literal:
        return _choice(get_args(kind), value, place)
    if kind is bool:
        return _boolean(value, place)
    if kind is int:
        return _integer(value, place)
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ConfigError(f"{place}: expected text, not {value!r}")


def _choice(words: tuple[str, ...], value: object, place: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise ConfigError(f"{place}: {value!r} is not one of {', '.join(words)}")
    return value


def _boolean(value: object, place: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    raise ConfigError(f"{place}: {value!r} is neither true nor false")


def _integer(value: object, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = natural(value.strip(), 10) if isinstance(value, str) else None
    if number is not None:
        return number
    raise ConfigError(f"{place}: {value!r} is no number")
