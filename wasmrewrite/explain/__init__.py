"""What is notable about a module: a report, and a draft of its declarations, for programs and for people.

It gathers what ``analysis``, ``lint`` and ``validate`` know. Not here: printing (``cli``), finding facts.
"""

from .contents import contents
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
    "contents",
    "draft_interface",
    "explain",
]
