"""Memories and named items in words. Not here: what they are (``explain.items``)."""

from __future__ import annotations

from typing import Any, Final

from ..escape import quoted
from ..spelling import size_words

PAGE: Final = 65536


def memory_words(limits: dict[str, Any]) -> str:
    """What a memory's limits mean in bytes."""
    minimum, maximum = int(limits["minimum"]), limits["maximum"]
    most = "no maximum" if maximum is None else f"at most {maximum} ({size_words(int(maximum) * PAGE)})"
    wide = ", 64-bit addresses" if limits["address"] == "i64" else ""
    shared = ", shared" if limits["shared"] else ""
    return f"{minimum} {'page' if minimum == 1 else 'pages'} ({size_words(minimum * PAGE)}), {most}{wide}{shared}"


def named(index: int, name: str | None) -> str:
    """An index, and the name where there is one."""
    return str(index) if name is None else f"{index} {quoted(name)}"
