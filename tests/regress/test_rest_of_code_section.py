"""Bytes behind the last entry of a code section went between old and new functions, and the pass got the blame."""

from __future__ import annotations

import pytest

from tests.helpers.binary import module, section, text, vector
from wasmrewrite import Module, Pipeline
from wasmrewrite.errors import MalformedError
from wasmrewrite.passes.add_start import AddStart


def test_the_input_is_refused_as_malformed() -> None:
    data = module(
        section(1, vector(b"\x60\x00\x01\x7f")),
        section(3, vector(b"\x00")),
        section(7, vector(text("f") + b"\x00\x00")),
        section(10, vector(b"\x04\x00\x41\x00\x0b") + b"\x02\x00\x0b"),
    )
    with pytest.raises(MalformedError) as caught:
        Pipeline([AddStart(function="f")]).run(Module.from_bytes(data))
    assert str(caught.value) == "malformed: pass add-start: code section: section size mismatch (at 0x22)"
