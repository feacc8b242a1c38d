"""What is notable about a module: a report, and a draft of its declarations, for programs and for people.

It gathers what ``analysis``, ``lint`` and ``validate`` know; names are imported on first use. Not here: printing
(``cli``), finding facts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .interface_draft import ExportDraft, ImportDraft, InterfaceDraft, draft_interface
    from .kinds import Kind
    from .remark import Remark
    from .report import Producer, Report, StackPointer, Start, Tool, explain

__all__ = [
    "ExportDraft",
    "ImportDraft",
    "InterfaceDraft",
    "Kind",
    "Producer",
    "Remark",
    "Report",
    "StackPointer",
    "Start",
    "Tool",
    "draft_interface",
    "explain",
]

_PLACES = {
    "interface_draft": ("ExportDraft", "ImportDraft", "InterfaceDraft", "draft_interface"),
    "kinds": ("Kind",),
    "remark": ("Remark",),
    "report": ("Producer", "Report", "StackPointer", "Start", "Tool", "explain"),
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
