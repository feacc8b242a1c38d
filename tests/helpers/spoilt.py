"""A rewritten module with a mistake in it, for tests of what says so."""

from __future__ import annotations

from wasmrewrite import Module
from wasmrewrite.rewrite import Body, Func


def second_load_misplaced(data: bytes) -> bytes:
    """The wrapper of ``get_two_i64s`` loads its second result from where the first one is."""
    export = Module.from_bytes(data).export("get_two_i64s")
    assert export is not None
    assert isinstance(export.item, Func)
    assert isinstance(export.item.origin, Body)
    expr = export.item.origin.expr
    at = [where for each, where in zip(expr, expr.offsets, strict=True) if each.op.name == "i64.load"][1]
    assert data[at : at + 3] == b"\x29\x03\x08"
    return data[: at + 2] + b"\x00" + data[at + 3 :]
