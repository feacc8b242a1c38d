"""The judge: is a rewritten module still the module it was, up to what the rewrite claims?

``verify`` takes bytes and a contract and gives a verdict; ``replay`` plays the script of a difference again. Nothing
here sees the rewriter, and what is expected comes from what the user declared, never from what a pass worked out.
"""

from .judge import replay, verify
from .script import Call, Script
from .values import Value, parse_value
from .verdict import Coverage, Difference, Differs, Evidence, Inconclusive, Same, Verdict

__all__ = [
    "Call",
    "Coverage",
    "Difference",
    "Differs",
    "Evidence",
    "Inconclusive",
    "Same",
    "Script",
    "Value",
    "Verdict",
    "parse_value",
    "replay",
    "verify",
]
