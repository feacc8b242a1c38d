"""The signature mini-language."""

from __future__ import annotations

import pytest

from wasmrewrite.isa import types as t
from wasmrewrite.isa.signature import CUSTOM, Signature, Word, signature


@pytest.mark.parametrize(
    ("text", "params", "results"),
    [
        ("->", (), ()),
        ("i32 i32 -> i32", (t.I32, t.I32), (t.I32,)),
        ("addr T addr ->", (Word.ADDR, Word.T, Word.ADDR), ()),
        ("addr1 addr2 addr ->", (Word.ADDR1, Word.ADDR2, Word.ADDR), ()),
        ("i32 -> (ref i31)", (t.I32,), (t.RefType(False, t.I31),)),
        ("eqref -> (ref null any)", (t.EQREF,), (t.ANYREF,)),
    ],
)
def test_parse(text: str, params: tuple[object, ...], results: tuple[object, ...]) -> None:
    assert signature(text) == Signature(params, results)  # type: ignore[arg-type]


def test_text() -> None:
    assert str(signature("T i32 -> T")) == "[T i32] -> [T]"
    assert str(signature(CUSTOM)) == "CUSTOM"
    assert signature(CUSTOM) is CUSTOM


@pytest.mark.parametrize("text", ["i33 -> i32", "i32", "-> (ref x)", "i32 -> i32 -> i32"])
def test_mistakes_are_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        signature(text)
