"""A recursion group may be empty. No type shows it, so it was not counted when the type section was written anew."""

from __future__ import annotations

import pytest

from tests.helpers.binary import vector
from wasmrewrite import Module
from wasmrewrite.isa.types import I32, FuncType, TypeDef
from wasmrewrite.rewrite import Editor

EMPTY, PLAIN, PAIR = b"\x4e\x00", b"\x60\x00\x00", b"\x4e\x02" + 2 * b"\x60\x00\x00"
ONE_I32 = b"\x60\x01\x7f\x00"


def module_of(*groups: bytes) -> bytes:
    contents = vector(*groups)
    return b"\0asm\1\0\0\0\x01" + bytes((len(contents),)) + contents


@pytest.mark.parametrize(
    "groups",
    [(EMPTY, PLAIN), (PLAIN, EMPTY), (EMPTY,), (EMPTY, EMPTY, PAIR, EMPTY, PLAIN, EMPTY), (PAIR, EMPTY)],
    ids=["in front", "behind", "alone", "everywhere", "behind a pair"],
)
def test_a_type_is_added_behind_all_of_them(groups: tuple[bytes, ...]) -> None:
    module = Module.from_bytes(module_of(*groups), check="validate")
    Editor(module).type([I32])
    assert module.to_bytes() == module_of(*groups, ONE_I32)
    Module.from_bytes(module.to_bytes(), check="validate")


@pytest.mark.parametrize(
    ("gone", "left"),
    [(0, (EMPTY, EMPTY, PLAIN, EMPTY)), (1, (EMPTY, ONE_I32, EMPTY, EMPTY))],
)
def test_they_survive_the_types_around_them(gone: int, left: tuple[bytes, ...]) -> None:
    module = Module.from_bytes(module_of(EMPTY, ONE_I32, EMPTY, PLAIN, EMPTY))
    del module.types[gone]
    assert module.to_bytes() == module_of(*left)


def test_a_type_in_front_leaves_them_between_the_others() -> None:
    module = Module.from_bytes(module_of(EMPTY, PLAIN, EMPTY, PAIR))
    module.types.insert(0, TypeDef(FuncType((I32,), ())))
    assert module.to_bytes() == module_of(EMPTY, ONE_I32, PLAIN, EMPTY, PAIR)
