"""Did you mean: close spellings of an unknown name, or what an earlier name has become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from ..escape import quoted
from ..renamed import OPTIONS
from ..spelling import nearest


def did_you_mean(word: str, known: Iterable[str], earlier: Mapping[str, str] | None = None) -> str:
    """A clause such as ``; did you mean "a" or "b"?``, empty if nothing comes close.

    ``earlier`` maps names of earlier releases to those of today.
    """
    close = [earlier[word]] if earlier and word in earlier else nearest(word, known, 3)
    return f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""


def unknown_option(option: str, command: click.Command, name: str | None) -> str:
    """The message about an option that the command called ``name`` does not have."""
    known = [word for parameter in command.params for word in parameter.opts if word.startswith("--")]
    return f"unknown option {option!r}{did_you_mean(option, known, OPTIONS.get(name or ''))}"
