"""Known custom sections: their contents as Construct declarations, and what rewriting does to each (``policy``).

A broken custom section never makes a module malformed: ``read`` says what is wrong, and the bytes stay as they are.
Contents are what follows the section's own name. Not here: where custom sections lie (``frame``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from construct import Construct

from ...errors import WasmError
from ...isa.leb import Buffer
from ..sections import build, parse
from ..stream import Sink, Window
from .code_metadata import CODE_METADATA, PREFIX
from .dylink import DYLINK
from .linking import LINKING, RELOC, RELOC_PREFIX
from .name import NAME
from .producers import PRODUCERS
from .target_features import TARGET_FEATURES

CUSTOMS: Final[Mapping[str, Construct]] = {
    "name": NAME,
    "producers": PRODUCERS,
    "target_features": TARGET_FEATURES,
    "dylink.0": DYLINK,
    "linking": LINKING,
}
"""Sections known by their exact name; ``construct_of`` also knows families of names."""


class Reading(NamedTuple):
    """The record of a custom section, None if it is unknown or broken beyond reading, and what is wrong with it."""

    record: Any
    problems: tuple[WasmError, ...] = ()


def construct_of(name: str) -> Construct | None:
    """The declaration of the custom section ``name``, or None."""
    if name.startswith(PREFIX):
        return CODE_METADATA
    return RELOC if name.startswith(RELOC_PREFIX) else CUSTOMS.get(name)


def read(name: str, buf: Buffer, start: int, end: int) -> Reading:
    """Read the contents ``start`` to ``end`` of a custom section. Never raises for what they hold."""
    declared = construct_of(name)
    if declared is None:
        return Reading(None)
    path = f"custom section {name!r}"
    try:
        record = parse(declared, Window(buf, start, end), path)
    except WasmError as error:
        return Reading(None, (error,))
    parts = record if isinstance(record, list) else record.get("parts", ())
    broken = [part.problem for part in parts if part.get("problem") is not None]
    return Reading(record, tuple(error.within(path) for error in broken))


def write(name: str, record: Any, buf: Buffer = b"") -> bytes:
    """Write the contents of a known custom section. Spans in ``record`` are of ``buf``."""
    declared = construct_of(name)
    if declared is None:
        raise KeyError(name)
    return build(declared, record, Sink(buf), f"custom section {name!r}")
