"""Modules from text, and an outside opinion of modules: both wasmtime's."""

from __future__ import annotations

from functools import cache

import wasmtime

_FEATURES = (
    "wasm_threads",
    "wasm_reference_types",
    "wasm_simd",
    "wasm_bulk_memory",
    "wasm_multi_value",
    "wasm_multi_memory",
    "wasm_memory64",
    "wasm_tail_call",
    "wasm_relaxed_simd",
    "wasm_exceptions",
    "wasm_function_references",
    "wasm_gc",
)


@cache
def engine() -> wasmtime.Engine:
    """An engine with every feature on."""
    config = wasmtime.Config()
    for feature in _FEATURES:
        setattr(config, feature, True)
    return wasmtime.Engine(config)


def wat(text: str) -> bytes:
    """Assemble text."""
    return bytes(wasmtime.wat2wasm(text))


def assert_valid(data: bytes) -> None:
    """Fail with wasmtime's reason unless it accepts ``data``."""
    wasmtime.Module.validate(engine(), data)
