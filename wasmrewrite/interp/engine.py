"""The interpreter as an engine like any other (``runtime.engine``). Not here: how it does what it does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..model import Module
from ..runtime.link import Imports
from ..runtime.store import Store, StoreLimits
from .instance import Instance
from .instantiate import instantiate
from .program import Program


@dataclass(frozen=True, slots=True)
class Ready:
    """A program, and the functions that note what they execute."""

    program: Program
    cover: Collection[int] = ()

    def store(self, limits: StoreLimits) -> Store:
        """A store."""
        return Store(limits)

    def instantiate(self, imports: Imports, store: Store, watch: Collection[int] = ()) -> Instance:
        """Instantiate, as ``interp.instantiate`` does."""
        return instantiate(self.program, imports, store, self.cover, watch)


class Interpreter:
    """The built-in interpreter: any function of a module can be called, everything can be looked at."""

    name = "interpreter"

    def load(self, module: Module, cover: Collection[int] = (), calls: Collection[int] = ()) -> Ready:
        """Validate a module; bodies are compiled at their first call."""
        return Ready(Program(module), frozenset(cover))
