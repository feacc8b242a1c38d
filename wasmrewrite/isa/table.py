"""The instruction table: all rows, found by code and by name. Not here: the rows themselves (``ops``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ..errors import InternalError
from .op import Op
from .ops import (
    bulk,
    control,
    exceptions,
    function_references,
    gc,
    legacy_exceptions,
    memory,
    numeric,
    parametric,
    reference,
    relaxed_simd,
    saturating,
    sign_extension,
    simd,
    tail_call,
    threads,
    variable,
    wide_arithmetic,
)

ROWS: Final[tuple[Op, ...]] = tuple(
    row
    for rows in (
        control.ROWS,
        parametric.ROWS,
        variable.ROWS,
        memory.ROWS,
        numeric.ROWS,
        sign_extension.ROWS,
        saturating.ROWS,
        bulk.ROWS,
        reference.ROWS,
        simd.ROWS,
        relaxed_simd.ROWS,
        function_references.ROWS,
        tail_call.ROWS,
        gc.ROWS,
        exceptions.ROWS,
        legacy_exceptions.ROWS,
        threads.ROWS,
        wide_arithmetic.ROWS,
    )
    for row in rows
)


def index_rows(rows: Iterable[Op], key: Callable[[Op], Any]) -> Mapping[Any, Op]:
    """The rows by some key of theirs; InternalError if two share one."""
    found: dict[Any, Op] = {}
    for row in rows:
        if found.setdefault(key(row), row) is not row:
            raise InternalError(f"two instructions have the same {key(row)!r}: {found[key(row)]} and {row}")
    return MappingProxyType(found)


BY_CODE: Final[Mapping[int, Op]] = index_rows(ROWS, lambda row: row.code)
BY_NAME: Final[Mapping[str, Op]] = index_rows(ROWS, lambda row: row.name)


def _by_mnemonic() -> Mapping[str, tuple[Op, ...]]:
    found: dict[str, tuple[Op, ...]] = {}
    for row in ROWS:
        found[row.mnemonic] = (*found.get(row.mnemonic, ()), row)
    return MappingProxyType(found)


BY_MNEMONIC: Final[Mapping[str, tuple[Op, ...]]] = _by_mnemonic()
"""The rows that share a keyword in text: mostly one; two for select, ref.test and ref.cast."""

PREFIXES: Final[frozenset[int]] = frozenset(row.code >> 16 for row in ROWS if row.code >> 16)
"""First bytes that a number follows."""

_PREFIXED: Final = tuple(row for row in ROWS if row.prefix is not None)
BY_NUMBER: Final[tuple[Op | None, ...]] = (*(BY_CODE.get(byte) for byte in range(0x100)), *_PREFIXED)
"""Rows by small numbers, as arrays hold them: its byte for a row without prefix, then from 0x100 on the others."""
NUMBER_OF: Final[Mapping[Op, int]] = MappingProxyType(
    {row: number for number, row in enumerate(BY_NUMBER) if row is not None}
)
