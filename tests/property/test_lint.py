"""Lint never fails otherwise than with an error of ours, whatever the bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.errors import WasmError
from wasmrewrite.lint import Expected, lint, parse_settings, with_calls
from wasmrewrite.lint.settings import LIMITS
from wasmrewrite.model import Module

BUILT = Path(__file__).resolve().parents[2] / "corpus" / "built"
MODULES = [
    "imports.1.63-O3",
    "ctors.1.96-O0-g",
    "gc.wat",
    "exceptions.wat",
    "statics.1.96-O3",
    "threads.1.96-O3-threads",
]
EVERYTHING = parse_settings(
    {
        "keep-exports": [],
        "policy": {"allow-imports": [], "allow-types": [], "deny-features": ["*"]},
        "limits": dict.fromkeys(LIMITS, 0),
    }
)


@pytest.mark.parametrize("name", MODULES)
@given(data=st.data())
def test_only_our_errors_escape(name: str, data: st.DataObject) -> None:
    module = bytearray((BUILT / f"{name}.wasm").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        module[data.draw(st.integers(8, len(module) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = Module.from_bytes(bytes(module))
        found = with_calls(read, lint(read, EVERYTHING))
    except WasmError:
        return
    assert all(0 <= (each.position.offset or 0) <= len(module) for each in found)


def test_a_module_against_itself() -> None:
    module = Module.from_file(BUILT / "imports.1.63-O3.wasm")
    settings = parse_settings({"select": ["WR150"]})
    assert lint(module, settings) == []
    against = type(settings)(select=("WR150",), expected=(Expected("itself", module=module),))
    assert len(lint(module, against)) == len(module.imports)
