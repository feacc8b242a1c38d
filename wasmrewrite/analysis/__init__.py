"""Read-only facts about modules. Each analysis is a file; nothing here changes anything."""

from .callgraph import CallGraph, CallSet, Edge
from .callsites import Guess, guess_imports
from .demangle import demangle
from .dwarf import DebugLayouts, Described
from .exceptions import CatchForm, Catching
from .outstores import Written, written_exports
from .reach import Path, Step, dead, imports_reached, reachable, reaching, ways_to_imports
from .refs import References, Use
from .sizes import function_sizes, prefix_sizes, section_sizes
from .sret import Access, Layout, Slot, layout
from .stackpointer import StackPointer, find_stack_pointer
from .toolchain import Maker, makers, rust_evidence

__all__ = [
    "Access",
    "CallGraph",
    "CallSet",
    "Edge",
    "Guess",
    "CatchForm",
    "Catching",
    "DebugLayouts",
    "Described",
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
    "find_stack_pointer",
    "function_sizes",
    "guess_imports",
    "imports_reached",
    "layout",
    "makers",
    "prefix_sizes",
    "reachable",
    "reaching",
    "rust_evidence",
    "section_sizes",
    "ways_to_imports",
    "written_exports",
]
