"""Exit codes. ``run`` alone has others: the program's own, and two for what happened to it."""

from __future__ import annotations

from typing import Final

FINE: Final = 0
FOUND: Final = 1
"""Findings or differences: what was asked for was done, and the answer is no."""
USAGE: Final = 2
BAD_INPUT: Final = 3
INTERNAL: Final = 4
INCONCLUSIVE: Final = 5
INTERRUPTED: Final = 130
"""As shells report a process that SIGINT ended."""
CLOSED_PIPE: Final = 141
"""As shells report a process that SIGPIPE ended."""

RUN_FAILED: Final = 125
"""``run`` itself failed, whatever the reason: the program said nothing."""
TRAPPED: Final = 134
"""The program trapped; shells report a process that aborted in the same way."""
