"""Rows: derived properties."""

from __future__ import annotations

import copy
import re

import pytest

from wasmrewrite.features import Feature
from wasmrewrite.isa.effects import PURE, Effect
from wasmrewrite.isa.immediates import COUNT, FUNC
from wasmrewrite.isa.op import Kind, proposal
from wasmrewrite.isa.table import BY_NAME, ROWS


@pytest.mark.parametrize(
    ("name", "prefix", "number", "head"),
    [
        ("i32.add", None, 0x6A, "6a"),
        ("memory.init", 0xFC, 8, "fc 08"),
        ("v128.const", 0xFD, 12, "fd 0c"),
        ("i16x8.abs", 0xFD, 0x80, "fd 80 01"),
        ("i32x4.relaxed_dot_i8x16_i7x16_add_s", 0xFD, 0x113, "fd 93 02"),
        ("struct.new", 0xFB, 0, "fb 00"),
    ],
)
def test_codes(name: str, prefix: int | None, number: int, head: str) -> None:
    op = BY_NAME[name]
    assert (op.prefix, op.number, op.head) == (prefix, number, bytes.fromhex(head))


@pytest.mark.parametrize(
    ("name", "mnemonic"), [("ref.test null", "ref.test"), ("select t", "select"), ("i32.add", "i32.add")]
)
def test_mnemonic(name: str, mnemonic: str) -> None:
    assert BY_NAME[name].mnemonic == mnemonic
    assert str(BY_NAME[name]) == name


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("call_indirect", (1, 0)),
        ("return_call_indirect", (1, 0)),
        ("memory.init", (1, 0)),
        ("table.init", (1, 0)),
        ("memory.copy", (0, 1)),
        ("struct.get", (0, 1)),
        ("try_table", (0, 1)),
        ("nop", ()),
    ],
)
def test_text_order(name: str, order: tuple[int, ...]) -> None:
    assert BY_NAME[name].text_order == order


def test_a_new_instruction_is_one_row() -> None:
    op = proposal(Feature.THREADS)
    row = op(0xFC_1234, "thing.do", "i32 -> i64", PURE, FUNC, COUNT, FUNC)
    assert row.kind == Kind.SEQUENCE
    assert row.head == bytes.fromhex("fc b4 24")
    assert (row.feature, row.since, str(row.signature)) == ("threads", "", "[i32] -> [i64]")


def test_rows_are_compared_by_identity() -> None:
    op = BY_NAME["call"]
    assert copy.deepcopy([op])[0] is op
    assert copy.copy(op) is op
    assert repr(op) == "<Op call>"
    assert not Effect(0)


NARROW = re.compile(r"\.(?:load|store|atomic\.(?:load|store|rmw))(8|16|32)(?!x)")


def test_what_an_access_is_is_a_column() -> None:
    """Size and sign are what the name says, in the specification's way of naming."""
    for op in ROWS:
        narrow = NARROW.search(op.name)
        if op.access and narrow is not None:
            assert op.access * 8 == int(narrow[1]), op.name
        assert op.signed is bool(op.access and op.name.endswith("_s")), op.name
    assert (BY_NAME["i64.load"].access, BY_NAME["v128.store"].access, BY_NAME["memory.fill"].access) == (8, 16, 0)
