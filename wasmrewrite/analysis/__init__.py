"""Read-only facts about modules. Each analysis is a file, read on first use; nothing here changes anything."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .callgraph import CallGraph, CallSet, Edge
    from .callsites import Guess, guess_imports
    from .demangling import Demangler, demangle
    from .doubts import Doubts, differing
    from .dwarf import DebugLayouts, Described
    from .effects import Effects
    from .exceptions import CatchForm, Catching
    from .import_doubts import ImportDoubts
    from .outstores import Written, written_exports
    from .reach import (
        Path,
        Step,
        dead,
        imports_reached,
        nearest_import,
        reachable,
        reaching,
        ways_to,
        ways_to_imports,
    )
    from .refs import References, Use
    from .sizes import function_sizes, prefix_sizes, section_sizes
    from .sret import Access, Layout, Slot, layout
    from .stackpointer import StackPointer, find_stack_pointer
    from .starting import shares_memory, start_obstacles
    from .toolchain import Maker, makers, rust_evidence

__all__ = [
    "Access",
    "CallGraph",
    "CallSet",
    "CatchForm",
    "Catching",
    "DebugLayouts",
    "Demangler",
    "Described",
    "Doubts",
    "Edge",
    "Effects",
    "Guess",
    "ImportDoubts",
    "Layout",
    "Maker",
    "Path",
    "References",
    "Slot",
    "StackPointer",
    "Step",
    "Use",
    "Written",
    "dead",
    "demangle",
    "differing",
    "find_stack_pointer",
    "function_sizes",
    "guess_imports",
    "imports_reached",
    "layout",
    "makers",
    "nearest_import",
    "prefix_sizes",
    "reachable",
    "reaching",
    "rust_evidence",
    "section_sizes",
    "shares_memory",
    "start_obstacles",
    "ways_to",
    "ways_to_imports",
    "written_exports",
]

# No file may be called like a name in it: the import system would put the file in the name's place.
_PLACES = {
    "callgraph": ("CallGraph", "CallSet", "Edge"),
    "callsites": ("Guess", "guess_imports"),
    "demangling": ("Demangler", "demangle"),
    "dwarf": ("DebugLayouts", "Described"),
    "doubts": ("Doubts", "differing"),
    "effects": ("Effects",),
    "exceptions": ("CatchForm", "Catching"),
    "import_doubts": ("ImportDoubts",),
    "outstores": ("Written", "written_exports"),
    "reach": (
        "Path",
        "Step",
        "dead",
        "imports_reached",
        "nearest_import",
        "reachable",
        "reaching",
        "ways_to",
        "ways_to_imports",
    ),
    "refs": ("References", "Use"),
    "sizes": ("function_sizes", "prefix_sizes", "section_sizes"),
    "sret": ("Access", "Layout", "Slot", "layout"),
    "stackpointer": ("StackPointer", "find_stack_pointer"),
    "starting": ("shares_memory", "start_obstacles"),
    "toolchain": ("Maker", "makers", "rust_evidence"),
}
_HOMES = {name: file for file, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All names, used or not."""
    return sorted({*globals(), *__all__})
