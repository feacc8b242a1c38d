"""Did you mean: close spellings of a name nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .escape import quoted

_LONGEST = 200
_MOST = 5000


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause such as ``; did you mean "a" or "b"?``, empty if nothing comes close."""
    # Comparing is quadratic in the length of names, and names come from the module.
    candidates = [name for name, _ in zip(known, range(_MOST), strict=False) if len(name) <= _LONGEST]
    lowered = {name.lower(): name for name in reversed(candidates)}
    close = get_close_matches(word[:_LONGEST].lower(), list(lowered), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(quoted(lowered[name]) for name in close)}?" if close else ""
