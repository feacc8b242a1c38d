import math

import pytest

from wasmrewrite.equiv.behavior.values import BOUNDARIES, WIDTHS, Draw, Value, kind_of, parse_value
from wasmrewrite.errors import ConfigError
from wasmrewrite.isa.types import EXTERNREF, FUNCREF, I64, FuncType, RefType, TypeDef


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i32:5", Value("i32", 5)),
        ("i32:-1", Value("i32", 0xFFFF_FFFF)),
        ("u32:2215051520", Value("i32", 2215051520)),
        ("i64:0xffffffffffffffff", Value("i64", (1 << 64) - 1)),
        ("f32:1.5", Value("f32", 0x3FC0_0000)),
        ("f64:0x7ff8000000000001", Value("f64", 0x7FF8_0000_0000_0001)),
        ("f64:-inf", Value("f64", 0xFFF0_0000_0000_0000)),
        ("f32:2", Value("f32", 0x4000_0000)),
        ("v128:0x0102", Value("v128", 0x0102)),
        ("externref:3", Value("extern", 3)),
        ("func:null", Value("func", None)),
    ],
)
def test_reads_typed_values(text: str, value: Value) -> None:
    assert parse_value(text) == value
    assert parse_value(str(value)) == value


@pytest.mark.parametrize(
    "text", ["5", "i32:", "i32:x", "i32:4294967296", "i32:1.5", "f32:1e99", "extern:-1", ":5", "i8:1e3"]
)
def test_refuses_what_is_no_value(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_value(text)


def test_every_boundary_survives_text() -> None:
    for kind, bits in BOUNDARIES.items():
        assert [parse_value(str(Value(kind, each))) for each in bits] == [Value(kind, each) for each in bits]


def test_kinds_are_what_can_be_made_outside() -> None:
    defined = RefType(False, TypeDef(FuncType()))
    assert [kind_of(each) for each in (I64, FUNCREF, EXTERNREF, defined)] == ["i64", "func", "extern", None]


def test_a_stream_depends_on_its_seed_only() -> None:
    def drawn(seed: str) -> list[Value]:
        draw = Draw(seed, (1000,), (4096,))
        return [draw.value(kind) for kind in (*WIDTHS, "extern", "func") for _ in range(20)]

    assert drawn("a") == drawn("a") != drawn("b")


def test_values_are_in_range_and_constants_come_up() -> None:
    draw = Draw("x", (123456789,), (0x8000,))
    for kind, width in WIDTHS.items():
        values = [draw.value(kind).bits or 0 for _ in range(200)]
        assert all(0 <= value < 1 << width for value in values)
    assert 123456789 in [draw.value("i32").bits for _ in range(200)]


def test_early_turns_are_the_plain_cases() -> None:
    draw = Draw("x")
    assert [draw.value("i32", turn).bits for turn in range(3)] == [0, 1, 0xFFFF_FFFF]


def test_declared_scalars_are_what_their_type_allows() -> None:
    draw = Draw("x")
    for _ in range(200):
        assert draw.scalar("bool", 1)[0] in (0, 1)
        char = draw.scalar("char", 4)[0]
        assert char in range(0xD800) or char in range(0xE000, 0x110000)
        small = draw.scalar("i8", 1)[0]
        assert small in range(0x80) or small in range(0xFFFF_FF80, 1 << 32)
        assert draw.scalar("u16", 2)[0] < 0x10000
        assert len(draw.scalar("u128", 16)) == 2
        assert not math.isnan(draw.scalar("f64", 8)[0])
