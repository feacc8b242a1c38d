"""A function, import or tag whose type is a struct: reading its type once was an internal error."""

from __future__ import annotations

import pytest

from tests.helpers.binary import text, vector
from wasmrewrite.errors import InvalidError
from wasmrewrite.model import Module

HEAD = bytes.fromhex("0061736d010000000103015f00")
"""A module with one type, a struct."""


def test_a_defined_function() -> None:
    module = Module.from_bytes(HEAD + bytes.fromhex("030201000a040102000b"))
    with pytest.raises(InvalidError, match=r"function section: func\[0\]: unknown type 0: not a function type"):
        _ = module.funcs


@pytest.mark.parametrize("desc", ["0000", "040000"])
def test_an_import(desc: str) -> None:
    entry = vector(text("a") + text("b") + bytes.fromhex(desc))
    module = Module.from_bytes(HEAD + b"\x02" + bytes([len(entry)]) + entry)
    with pytest.raises(InvalidError, match=r"import section: import\[0\]: unknown type 0: not a function type"):
        _ = module.imports


def test_a_tag() -> None:
    module = Module.from_bytes(HEAD + bytes.fromhex("0d03010000"))
    with pytest.raises(InvalidError, match=r"tag section: tag\[0\]: unknown type 0: not a function type"):
        _ = module.tags
