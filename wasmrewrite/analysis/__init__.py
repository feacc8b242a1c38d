"""Read-only facts about modules. Each analysis is a file; nothing here changes anything."""

from .refs import References, Use
from .sret import Access, Layout, Slot, layout
from .stackpointer import StackPointer, find_stack_pointer

__all__ = [
    "Access",
    "Layout",
    "References",
    "Slot",
    "StackPointer",
    "Use",
    "find_stack_pointer",
    "layout",
]
