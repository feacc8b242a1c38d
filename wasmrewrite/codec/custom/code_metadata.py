"""The ``metadata.code.*`` sections (tool conventions, CodeMetadata): notes on single instructions.

A list of (function: index, notes: list of (offset: from the start of the function's locals, data: span)). What the data
mean is each section's own affair; for ``metadata.code.branch_hint`` it is one byte, 1 for likely and 0 for unlikely.
"""

from __future__ import annotations

from typing import Final

from construct import FocusedSeq, Terminated

from ..parts import U32, Blob, Record, Vector

PREFIX: Final = "metadata.code."

_NOTE: Final = Record("offset" / U32, "data" / Blob())
_FUNCTION: Final = Record("function" / U32, "notes" / Vector("note", _NOTE))

CODE_METADATA: Final = FocusedSeq("content", "content" / Vector("func", _FUNCTION), Terminated)
