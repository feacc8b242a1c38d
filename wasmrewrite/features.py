"""``Feature``: the proposals that extended WebAssembly, each with the version of the specification that includes it.

The values are what users read and write in policies and reports. Not here: which instruction belongs to which
(``isa.ops``), what else shows that a module uses one (``lint.features``).
"""

from __future__ import annotations

from enum import StrEnum


class Feature(StrEnum):
    """A proposal; ``since`` is the first version of the specification that includes it, "" if none does."""

    since: str

    def __new__(cls, value: str, since: str) -> Feature:
        """A member with its version."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.since = since
        return member

    MVP = "mvp", "1.0"
    MUTABLE_GLOBALS = "mutable-globals", "1.0"
    SIGN_EXTENSION = "sign-extension", "2.0"
    SATURATING = "saturating-float-to-int", "2.0"
    MULTI_VALUE = "multi-value", "2.0"
    BULK_MEMORY = "bulk-memory", "2.0"
    REFERENCE_TYPES = "reference-types", "2.0"
    SIMD = "simd", "2.0"
    RELAXED_SIMD = "relaxed-simd", "3.0"
    TAIL_CALL = "tail-call", "3.0"
    FUNCTION_REFERENCES = "function-references", "3.0"
    GC = "gc", "3.0"
    EXCEPTIONS = "exceptions", "3.0"
    EXTENDED_CONST = "extended-const", "3.0"
    MULTI_MEMORY = "multi-memory", "3.0"
    MEMORY64 = "memory64", "3.0"
    THREADS = "threads", ""
    LEGACY_EXCEPTIONS = "legacy-exceptions", ""
    WIDE_ARITHMETIC = "wide-arithmetic", ""
