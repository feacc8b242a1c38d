"""What a row of the table is. Not here: any row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.bench.measure import Contestant, Target

OURS = "wasmrewrite"


@dataclass(frozen=True, slots=True)
class Contest:
    """A row that is ready to run: us first, then the peers that are here.

    ``missing``: what to say about peers that are not. ``instructions``: WebAssembly instructions that each executes.
    """

    contestants: Sequence[Contestant]
    missing: Sequence[str] = ()
    targets: Sequence[Target] = ()
    instructions: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ``name`` is what ``--row`` takes, a family before a slash. ``prepare`` gets a folder for files and may raise
    ``Skipped``. ``clock``: what is compared, CPU time or time on the clock.
    """

    name: str
    what: str
    prepare: Callable[[Path], Contest]
    clock: Literal["cpu", "wall"] = "cpu"

    @property
    def family(self) -> str:
        """The name up to the slash."""
        return self.name.partition("/")[0]
