"""Did you mean: close spellings of a name nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from ..escape import quoted
from ..spelling import nearest


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause such as ``; did you mean "a" or "b"?``, empty if nothing comes close."""
    close = nearest(word, known, 3)
    return f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
