"""Branch hints of a binary, where text can show them at their instructions.

Does not contain: printing (``printer``), hints in text (``annotations``).
"""

from __future__ import annotations

from typing import Any

from ..codec import BytesSource, custom
from ..codec.code import read_locals
from ..codec.frame import Section
from ..codec.source import CODE, IMPORT
from ..kernels.decode import decode
from .annotations import HINT, HINT_VALUES, HINTED

Hints = dict[int, dict[int, bytes]]
"""Of functions by index: hints by the offset from the start of the function's locals."""



def branch_hints(source: BytesSource) -> tuple[Section | None, Hints]:
    """The section and its hints; nothing unless each is at an instruction that it is for, and the section is in its
    place: the last one before the code. What cannot be shown stays a custom section.
    """
    section = _before_code(source)
    if section is None:
        return None, {}
    record = custom.read(HINT[1:], source.data, section.start, section.end).record
    found: Hints = {}
    for entry in record or ():
        notes = {int(note.offset): source.data[slice(*note.data)] for note in entry.notes}
        if len(notes) != len(entry.notes) or entry.function in found or not _fits(source, entry.function, notes):
            return None, {}
        found[entry.function] = notes
    return (section, found) if found else (None, {})


def _before_code(source: BytesSource) -> Section | None:
    code = next((at for at, section in enumerate(source.sections) if section.id == CODE), 0)
    before = source.sections[code - 1] if code else None
    return before if before is not None and before.id == 0 and before.name == HINT[1:] else None


def _fits(source: BytesSource, index: int, notes: dict[int, bytes]) -> bool:
    """True if every offset is that of an instruction which may have a hint."""
    entries: Any = source.record(CODE)
    own = index - sum(record.kind == "function" for record in source.records(IMPORT))
    if not 0 <= own < len(entries) or not all(data in HINT_VALUES for data in notes.values()):
        return False
    start, end = entries[own].span
    places = {
        offset - start
        for offset, op, _ in decode(source.data, read_locals(source.data, start, end)[1], end)
        if op in HINTED
    }
    return notes.keys() <= places
