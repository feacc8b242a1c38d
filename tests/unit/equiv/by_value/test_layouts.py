import pytest

from wasmrewrite.contract import parse_type
from wasmrewrite.equiv.by_value.layouts import MAX_RESULTS, Layout, layout
from wasmrewrite.errors import ConfigError


def of(text: str, pointer_size: int = 4) -> Layout:
    return layout(parse_type(text), pointer_size)


def places(text: str) -> list[tuple[str, int]]:
    return [(leaf.scalar, leaf.offset) for leaf in of(text).leaves]


@pytest.mark.parametrize(
    ("text", "size", "align", "offsets"),
    [
        ("(i64, i64)", 16, 8, [0, 8]),
        ("(u8, u32, u16)", 12, 4, [0, 4, 8]),
        ("(u8 @4, u32 @0, u16 @6)", 8, 4, [4, 0, 6]),
        ("((u8, u64), u16)", 24, 8, [0, 8, 16]),
        ("(bool, u8)", 2, 1, [0, 1]),
        ("(f64, (u32, u32), f32)", 24, 8, [0, 8, 12, 16]),
        ("(u8 @0, u32 @1, u64 @5)", 13, 1, [0, 1, 5]),
        ("(u32; align 32)", 32, 32, [0]),
        ("(u32; size 24, align 8)", 24, 8, [0]),
        ("u128", 16, 16, [0]),
        ("(u8, i128)", 32, 16, [0, 16]),
        ("(u32, [u16; 5])", 16, 4, [0, 4, 6, 8, 10, 12]),
        ("(i32 @8, i64 @0, f32 @12, f64 @16)", 24, 8, [8, 0, 12, 16]),
        ("[(u8, u16); 2]", 8, 2, [0, 2, 4, 6]),
        ("()", 0, 1, []),
    ],
)
def test_offsets_are_those_compilers_were_seen_to_use(text: str, size: int, align: int, offsets: list[int]) -> None:
    found = of(text)
    assert (found.size, found.align, [leaf.offset for leaf in found.leaves]) == (size, align, offsets)


def test_results_follow_the_declaration_not_the_offsets() -> None:
    assert [str(kind) for kind in of("(i32 @8, i64 @0, f32 @12, u128 @16)").types] == [
        "i32",
        "i64",
        "f32",
        "i64",
        "i64",
    ]


def test_pointers_have_the_size_of_the_memory_s_addresses() -> None:
    assert (of("(u8, ptr)", 4).size, of("(u8, ptr)", 8).size) == (8, 16)
    assert [str(kind) for kind in of("(u8, ptr)", 8).types] == ["i32", "i64"]


def test_narrow_integers_are_extended_by_their_sign() -> None:
    data = bytes([0xFF, 0xFE, 0xFD, 0xFF, 0xFC, 0xFF])
    assert of("(u8, i8, i16, u16)").read(data) == [0xFF, 0xFFFF_FFFE, 0xFFFF_FFFD, 0xFFFC]


def test_halves_of_128_bits_come_low_first() -> None:
    assert of("u128").read((1 + (2 << 64)).to_bytes(16, "little")) == [1, 2]


def test_writes_exactly_the_width_of_each_field() -> None:
    assert of("(u8, i16, u32)").write([0x1FF, 0xFFFF_FFFE, 7]) == [(0, b"\xff"), (2, b"\xfe\xff"), (4, b"\7\0\0\0")]


def test_writing_and_reading_are_inverse() -> None:
    shape = of("(i8, u64, f32, u128, [u16; 3])")
    values = [0xFFFF_FF80, 1 << 63, 0x7FC00001, 5, 6, 1, 2, 3]
    data = bytearray(shape.size)
    for offset, raw in shape.write(values):
        data[offset : offset + len(raw)] = raw
    assert shape.read(bytes(data)) == values


def test_padding_is_what_no_scalar_covers() -> None:
    assert of("(u8, u32, u16)").padding() == [(1, 4), (10, 12)]
    assert of("(u32; size 16, align 16)").padding() == [(4, 16)]
    assert of("(a: u32 @8, b: f64 @8; size 24)").padding() == [(0, 8), (16, 24)]


def test_paths_name_the_way_to_a_scalar() -> None:
    assert [leaf.path for leaf in of("(a: u8, b: (x: u16, [u8; 2]))").leaves] == ["a", "b.x", "b.1[0]", "b.1[1]"]
    assert (of("(a: u8, b: u16)").owner(3), of("(a: u8, b: u16)").owner(1)) == ("b", "padding")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(u32, u32; size 4)", "size 4, but its fields take 8 bytes"),
        ("(u32; align 3)", "alignment 3 is no power of two"),
        (f"[u8; {MAX_RESULTS + 1}]", f"more than {MAX_RESULTS} scalars"),
        ("[[u8; 1000000]; 1000000]", f"more than {MAX_RESULTS} scalars"),
    ],
)
def test_refuses_what_cannot_be(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        of(text)


def test_a_million_empty_elements_cost_nothing() -> None:
    assert of("[[(); 1000000]; 1000000]").leaves == ()
