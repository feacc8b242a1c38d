"""``Examined``: a module, and what several remarks need to know of it, each found on first use and kept.

Not here: remarks.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..model import Func, Module
from ..spelling import clipped
from .remark import OUT

if TYPE_CHECKING:
    from ..analysis import CallGraph, Maker
    from .function_names import Names

_DYNAMIC: Final = ("dylink", "dylink.0")


class Examined:
    """``module``, which was read from ``path``; ``unknown`` collects what could not be looked at, and why."""

    def __init__(self, module: Module, path: str) -> None:
        self.module = module
        self.path = f"./{path}" if path.startswith("-") and path != "-" else path
        self.unknown: list[str] = []

    @cached_property
    def makers(self) -> list[Maker]:
        """The tools that the module seems to come from."""
        from ..analysis import makers

        return makers(self.module)

    @cached_property
    def is_dynamic(self) -> bool:
        """True if it is for a dynamic loader: then other modules rely on the types of its exports."""
        return any(each.name in _DYNAMIC for each in self.module.customs)

    @cached_property
    def exported(self) -> dict[str, Func]:
        """Exported functions by name."""
        return {each.name: each.item for each in self.module.exports if isinstance(each.item, Func)}

    @cached_property
    def graph(self) -> CallGraph:
        """The module's call graph."""
        from ..analysis import CallGraph

        return CallGraph(self.module)

    @cached_property
    def names(self) -> Names:
        """What functions are called."""
        from .function_names import Names

        return Names(self.graph, demangle=True)

    @cached_property
    def is_object(self) -> bool:
        """True if relocations describe the module as it is: then only a linker may change it."""
        return any(each.name == "linking" or each.name.startswith("reloc.") for each in self.module.customs)

    def rewrite(self, name: str, *options: str) -> tuple[str, ...]:
        """The command that runs a pass; of an object file, which no pass may change, the one that says why."""
        if self.is_object:
            return ("rule", "WR304")
        sets = [word for option in options for word in ("--set", f"{name}.{option}")]
        return ("rewrite", self.path, "-o", OUT, "--pass", name, *sets)

    @property
    def draft(self) -> tuple[str, ...]:
        """The command that drafts an interface file."""
        return ("info", self.path, "--draft-declarations")


def readable(name: str) -> str:
    """A name for people, in quotes."""
    from ..analysis import demangle

    return repr(clipped(demangle(name)))
