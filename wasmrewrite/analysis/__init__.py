"""Read-only facts about modules. Each analysis is a file; nothing here changes anything."""

from .exceptions import CatchForm, Catching
from .refs import References, Use
from .sret import Access, Layout, Slot, layout
from .stackpointer import StackPointer, find_stack_pointer

__all__ = [
    "Access",
    "CatchForm",
    "Catching",
    "Layout",
    "References",
    "Slot",
    "StackPointer",
    "Use",
    "find_stack_pointer",
    "layout",
]
