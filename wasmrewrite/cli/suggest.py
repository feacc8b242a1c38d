"""Did you mean: close spellings of an unknown name, or what an earlier name has become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from ..escape import quoted
from ..renamed import OPTIONS
from ..spelling import nearest

_MOST = 3


def did_you_mean(word: str, known: Iterable[str], earlier: Mapping[str, str] | None = None) -> str:
    """A clause such as ``; did you mean "a" or "b"?``, empty if nothing comes close.

    ``earlier`` maps names of earlier releases to those of today.
    """
    return _clause([earlier[word]] if earlier and word in earlier else nearest(word, known, _MOST))


def unknown_option(option: str, command: click.Command, name: str | None) -> str:
    """The message about an option that the command called ``name`` does not have; without ``=VALUE``."""
    word = option.partition("=")[0]
    return f"unknown option {word!r}{_clause(_close(word, _names(command, name)))}"


def one_dash(words: Iterable[str], command: click.Command, name: str | None) -> str | None:
    """The message about the first long option that is written with one dash, as ``-output``; None if there is none.

    click would read it as ``-o utput``. A program's own words, behind a module that is run, are left alone.
    """
    for word in words:
        if word == "--" or (name == "run" and not word.startswith("-")):
            return None
        long = f"-{word.partition('=')[0]}"
        names = _names(command, name) if word.startswith("-") and len(word) > len("-o") else {}
        if long in names:
            return f"unknown option {long[1:]!r}{_clause([names[long]])}"
    return None


def _names(command: click.Command, name: str | None) -> dict[str, str]:
    """What may be typed for long options of a command, earlier names among it → names of today."""
    known = [each for parameter in command.params for each in parameter.opts if each.startswith("--")]
    return {**dict(zip(known, known, strict=True)), **OPTIONS.get(name or "", {})}


def _clause(close: Iterable[str]) -> str:
    names = " or ".join(map(quoted, close))
    return f"; did you mean {names}?" if names else ""


def _close(word: str, names: Mapping[str, str]) -> list[str]:
    """The options that ``word`` may mean: its own, those that it is the beginning of, those that are spelt like it.

    ``names`` maps what may be typed, earlier names among it, to names of today.
    """
    if word in names:
        return [names[word]]
    begun = [each for each in names if each.startswith(word) and len(word) > len("--")]
    return list(dict.fromkeys(names[each] for each in begun or nearest(word, names, _MOST)))[:_MOST]
