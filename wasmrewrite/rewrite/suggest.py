"""Did you mean? One sentence for every name that somebody mistyped."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 12


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to append to a message about the unknown ``word``: the nearest of ``known``, else the first of all."""
    from difflib import get_close_matches

    names = list(dict.fromkeys(known))
    near = get_close_matches(word, names, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    if not names:
        return ""
    more = ", ..." if len(names) > _SHOWN else ""
    return f" (known: {', '.join(names[:_SHOWN])}{more})"
