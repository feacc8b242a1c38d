"""The judge: is a rewritten module still the module it was, up to what the rewrite claims?

``verify`` takes bytes and a contract and gives a verdict; ``replay`` plays the script of a difference again. Nothing
here sees the rewriter, and what is expected comes from what the user declared, never from what a pass worked out.
"""

from .behavior.script import Call, Script
from .behavior.values import Value, parse_value
from .difference import Difference
from .hosts.recording import HostCall
from .hosts.stubs import StubCall, Stubs
from .judge import host_calls, replay, verify
from .verdict import Coverage, Differs, Evidence, Inconclusive, Same, Verdict

__all__ = [
    "Call",
    "Coverage",
    "Difference",
    "Differs",
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
