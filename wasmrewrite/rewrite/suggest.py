"""Did you mean? One sentence for every name that somebody mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..spelling import clipped, nearest

_SHOWN = 12


def did_you_mean(word: str, known: Iterable[str], earlier: Mapping[str, str] | None = None) -> str:
    """What to append to a message about the unknown ``word``: the nearest of ``known``, else the first of all.

    ``earlier`` maps names of earlier releases to those of today.
    """
    if earlier and word in earlier:
        return f"; did you mean {earlier[word]!r}?"
    names = list(dict.fromkeys(known))
    near = nearest(word, names)
    if near:
        return f"; did you mean {near[0]!r}?"
    if not names:
        return ""
    more = ", ..." if len(names) > _SHOWN else ""
    return f" (known: {', '.join(map(clipped, names[:_SHOWN]))}{more})"


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant, None if none is near."""
    near = nearest(word, list(dict.fromkeys(known)))
    return near[0] if near else None
