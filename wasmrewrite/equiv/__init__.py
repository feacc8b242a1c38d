"""The judge: is a rewritten module still the module it was, up to what the rewrite claims?

``verify`` takes bytes and a contract and gives a verdict; ``replay`` plays the script of a difference again. Nothing
here sees the rewriter, and what is expected comes from what the user declared, never from what a pass worked out.

Names are imported on first use: who only wants a host or a script need not wait for the whole judge.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .behavior.script import Call, Script
    from .behavior.values import Value, parse_value
    from .difference import Difference
    from .hosts.recording import HostCall
    from .hosts.stubs import StubCall, Stubs
    from .judge import host_calls, replay, verify
    from .verdict import Coverage, Different, Evidence, Inconclusive, Same, Verdict

__all__ = [
    "Call",
    "Coverage",
    "Difference",
    "Different",
    "Evidence",
    "HostCall",
    "Inconclusive",
    "Same",
    "Script",
    "Value",
    "StubCall",
    "Stubs",
    "Verdict",
    "host_calls",
    "parse_value",
    "replay",
    "verify",
]

_PLACES = {
    "behavior.script": ("Call", "Script"),
    "behavior.values": ("Value", "parse_value"),
    "difference": ("Difference",),
    "hosts.recording": ("HostCall",),
    "hosts.stubs": ("StubCall", "Stubs"),
    "judge": ("host_calls", "replay", "verify"),
    "verdict": ("Coverage", "Different", "Evidence", "Inconclusive", "Same", "Verdict"),
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
