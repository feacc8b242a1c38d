"""The ``target_features`` section, as far as passes change it. Not here: its form (``codec.custom``)."""

from __future__ import annotations

from typing import Any

from ..codec.custom import read, write

_SECTION = "target_features"


def with_feature(contents: bytes, name: str) -> bytes | None:
    """The section's contents with ``+name`` in it; None if it says so already, or cannot be read."""
    record: list[Any] | None = read(_SECTION, contents, 0, len(contents)).record
    if record is None:
        return None
    places = [at for at, each in enumerate(record) if each.name == name]
    if any(record[at].prefix != "-" for at in places):
        return None
    entries = [each for each in record if each.name != name]
    entries.insert(places[0] if places else len(entries), {"prefix": "+", "name": name})
    return write(_SECTION, entries, contents)
