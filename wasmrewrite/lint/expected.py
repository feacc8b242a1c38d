"""``Expected``: what a module has to fit, made from an interface file or from another module, as data.

Not here: whether it fits (``against``), reading files.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..contract.interface import Interface
from ..model import Module


@dataclass(frozen=True, slots=True)
class Expected:
    """Something that a module has to fit. ``source`` names it in messages; ``namespace``: only imports from there.

    Exactly one of ``interface`` and ``module`` is there.
    """

    source: str
    namespace: str | None = None
    interface: Interface | None = field(default=None, compare=False)
    module: Module | None = field(default=None, compare=False)
