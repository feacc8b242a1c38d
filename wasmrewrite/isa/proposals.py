"""Codes that proposals in progress have been given, and that this version does not know: for messages only.

Not here: what the codes mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..errors import MalformedError
from ..messages import needs_proposal

_DESCRIPTORS: Final = "custom-descriptors"
_HALF: Final = "half-precision"
_SHARED: Final = "shared-everything-threads"
_STACKS: Final = "stack-switching"
_STRINGS: Final = "stringref"
_COMPACT: Final = "compact-import-section"

_OPCODES: Final[tuple[tuple[int | None, int, int, str], ...]] = (
    (None, 0xE0, 0xE6, _STACKS),
    (0xFB, 0x20, 0x26, _DESCRIPTORS),
    (0xFB, 0x80, 0xB7, _STRINGS),
    (0xFC, 0x12, 0x12, "memory-control"),
    (0xFC, 0x30, 0x31, _HALF),
    (0xFD, 0x120, 0x14D, _HALF),
    (0xFE, 0x04, 0x04, _SHARED),
    (0xFE, 0x4F, 0x72, _SHARED),
)
"""Prefix, first and last code, proposal."""
TYPES: Final[Mapping[int, str]] = {
    0x68: _STACKS,
    0x75: _STACKS,
    0x65: _SHARED,
    0x62: _DESCRIPTORS,
    0x67: _STRINGS,
    0x66: _STRINGS,
    0x61: _STRINGS,
    0x60: _STRINGS,
}
"""Value, reference and heap types, by their first byte."""
COMPOSITES: Final[Mapping[int, str]] = {0x5D: _STACKS, 0x65: _SHARED, 0x4C: _DESCRIPTORS, 0x4D: _DESCRIPTORS}
"""Composite types and what may stand in front of one."""
EXTERNALS: Final[Mapping[int, str]] = {0x20: _DESCRIPTORS, 0x7E: _COMPACT, 0x7F: _COMPACT}
"""Kinds of imports and exports."""
MUTABILITIES: Final[Mapping[int, str]] = {0x03: _SHARED}  # the official suite calls 0x02 malformed
PAGE_SIZES: Final = "custom-page-sizes"


def opcode(prefix: int | None, code: int) -> str | None:
    """The proposal that an opcode belongs to, if any."""
    return next((name for head, first, last, name in _OPCODES if head == prefix and first <= code <= last), None)


def unsupported(proposal: str | None, offset: int) -> MalformedError | None:
    """The error that names ``proposal``; None for none, so that the caller can say what it would have said."""
    return None if proposal is None else needs_proposal(proposal, offset)
