"""What control instructions compute, where there is anything. Not here: where they go (``flat``)."""

from __future__ import annotations

from typing import Final

from .form import Function, means, spread
from .vocabulary import UNREACHABLE, trap


@means("unreachable")
def unreachable() -> None:
    """Always a trap."""
    trap(UNREACHABLE)


MEANINGS: Final[dict[str, Function]] = spread(globals())
"""Mnemonic to meaning."""
