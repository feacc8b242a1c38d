"""The kernels agree with each other on every instruction stream, and refuse every other input cleanly.

``decode`` is the yardstick: encoding gives the same bytes, skipping ends in the same place, scanning finds what is in
the decoded operands, and remapping bytes is remapping decoded operands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa import types as t
from wasmrewrite.isa.immediates import KINDS, BrTable, Cast, Catch, MemArg, OperandKind, Shape, Space
from wasmrewrite.isa.leb import Buffer, Padded, PaddedTuple, keep_width, s_width, u_width
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.structure import CLOSERS, DIVIDERS, END, OPENERS, STRUCTURAL
from wasmrewrite.isa.table import ROWS
from wasmrewrite.isa.types import RefType
from wasmrewrite.kernels.decode import decode
from wasmrewrite.kernels.encode import encode, encode_instr
from wasmrewrite.kernels.remap import remap
from wasmrewrite.kernels.scan import find_operands, find_ops
from wasmrewrite.kernels.skip import skip_expr, skip_instr

Instr = tuple[Op, tuple[Any, ...]]

# ---- strategies: operands in every width, instructions that nest ----


def padded(values: st.SearchStrategy[int], widest: int, width_of: Callable[[int], int]) -> st.SearchStrategy[int]:
    """Integers, now and then in more bytes than they need."""
    wide = st.builds(
        lambda value, width: Padded(value, width) if width > width_of(value) else value,
        values,
        st.integers(1, widest),
    )
    return st.one_of(values, wide)


def mostly_small(limit: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 3), st.integers(0, 300), st.integers(0, limit))


def vectors(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    plain = st.lists(items, max_size=4).map(tuple)
    return st.one_of(plain, st.builds(PaddedTuple, plain, st.integers(2, 5)))


U32 = padded(mostly_small(2**32 - 1), 5, u_width)
U64 = padded(mostly_small(2**64 - 1), 10, u_width)
S32 = padded(st.one_of(st.integers(-70, 70), st.integers(-(2**31), 2**31 - 1)), 5, s_width)
S64 = padded(st.one_of(st.integers(-70, 70), st.integers(-(2**63), 2**63 - 1)), 10, s_width)
TYPE_INDEX = padded(mostly_small(2**32 - 1), 5, s_width)
HEAPS = st.one_of(st.sampled_from(list(t.HEAPS.values())), TYPE_INDEX)


def ref_type(nullable: bool, heap: t.HeapType, long: bool) -> RefType:
    return RefType(nullable, heap, long and nullable and isinstance(heap, t.AbsHeap))


VALUES = st.one_of(st.sampled_from(list(t.NUMBERS.values())), st.builds(ref_type, st.booleans(), HEAPS, st.booleans()))
CATCHES = st.one_of(st.builds(Catch, st.integers(0, 1), U32, U32), st.builds(Catch, st.integers(2, 3), st.none(), U32))
FLAGS = padded(st.integers(0, 63), 5, u_width)

OF_SHAPE: dict[Shape, st.SearchStrategy[Any]] = {
    Shape.U32: U32,
    Shape.S32: S32,
    Shape.S64: S64,
    Shape.BYTE: st.integers(0, 255),
    Shape.FOUR: st.integers(0, 2**32 - 1),
    Shape.EIGHT: st.integers(0, 2**64 - 1),
    Shape.SIXTEEN: st.binary(min_size=16, max_size=16),
    Shape.MEMARG: st.builds(MemArg, FLAGS, U64, st.one_of(st.none(), U32)),
    Shape.BLOCKTYPE: st.one_of(st.none(), VALUES, TYPE_INDEX),
    Shape.LABELS: st.builds(BrTable, vectors(U32), U32),
    Shape.VALTYPES: vectors(VALUES),
    Shape.CATCHES: vectors(CATCHES),
    Shape.HEAPTYPE: HEAPS,
    Shape.CAST: st.builds(
        Cast, U32, st.builds(RefType, st.booleans(), HEAPS), st.builds(RefType, st.booleans(), HEAPS)
    ),
}

OF_KIND: dict[str, Callable[[Any], Any]] = {
    "ref": lambda heap: RefType(False, heap),
    "ref null": lambda heap: RefType(True, heap),
    "lanes": tuple,
    "order": lambda _byte: 0,
}


def operand(kind: OperandKind) -> st.SearchStrategy[Any]:
    values = OF_SHAPE[kind.shape]
    return values.map(OF_KIND[kind.name]) if kind.name in OF_KIND else values


OPERANDS = {kind: operand(kind) for kind in KINDS}
OPERANDS_OF = {op: st.tuples(*(OPERANDS[kind] for kind in op.operands)) for op in ROWS}
PLAIN = sorted((op for op in ROWS if op not in STRUCTURAL), key=lambda op: op.code)
FREQUENT = [op for op in PLAIN if op.prefix is None]
OPENING = sorted(OPENERS, key=lambda op: op.code)
TURNING = sorted((*DIVIDERS, *CLOSERS), key=lambda op: op.code)


@st.composite
def streams(draw: st.DrawFn) -> list[Instr]:
    """The instructions of one body: any operands, correct nesting."""
    out: list[Instr] = []
    parts: list[Op] = []

    def put(op: Op) -> None:
        operands = draw(OPERANDS_OF[op])
        if op.prefix is not None and draw(st.integers(0, 9)) == 0:
            operands = PaddedTuple(operands, draw(st.integers(3, 5)))
        out.append((op, operands))

    def turn(op: Op) -> None:
        if not parts or parts[-1] not in (DIVIDERS.get(op) or CLOSERS[op]):
            return
        put(op)
        parts.pop()
        if op in DIVIDERS:
            parts.append(op)

    for choice in draw(st.lists(st.integers(0, 9), max_size=25)):
        if choice == 0:
            op = draw(st.sampled_from(OPENING))
            put(op)
            parts.append(op)
        elif choice == 1:
            turn(draw(st.sampled_from(TURNING)))
        else:
            put(draw(st.sampled_from(PLAIN if choice < 4 else FREQUENT)))
    while parts:
        turn(END)
    put(END)
    return out


STREAMS = streams()
MARGIN = st.binary(max_size=3)

# ---- decoding and encoding ----


@given(STREAMS, MARGIN, MARGIN)
def test_decode_gives_back_what_was_encoded(stream: list[Instr], before: bytes, after: bytes) -> None:
    body = encode(stream)
    data = before + body + after
    found = decode(data, len(before), len(before) + len(body))
    assert [(op, operands) for _, op, operands in found] == stream
    assert encode((op, operands) for _, op, operands in found) == body
    offsets = [offset for offset, _, _ in found] + [len(before) + len(body)]
    for (_, op, operands), start, end in zip(found, offsets, offsets[1:], strict=False):
        assert data[start:end] == encode_instr(op, operands)


@given(STREAMS, MARGIN, MARGIN)
def test_skipping_ends_where_decoding_does(stream: list[Instr], before: bytes, after: bytes) -> None:
    body = encode(stream)
    data = before + body + after
    end = len(before) + len(body)
    assert skip_expr(data, len(before), len(data)) == end
    starts = [offset for offset, _, _ in decode(data, len(before), end)]
    assert [skip_instr(data, start, end) for start in starts] == [*starts[1:], end]


# ---- scanning ----


def indices(kind: OperandKind, value: Any) -> list[tuple[Space, int]]:
    """The indices in an operand, from its value."""
    if kind.shape is Shape.U32:
        return [] if kind.space is None else [(kind.space, value)]
    if kind.shape is Shape.LABELS:
        return [(Space.LABEL, label) for label in (*value.labels, value.default)]
    if kind.shape is Shape.CATCHES:
        return [
            place
            for catch in value
            for place in ((Space.TAG, catch.tag), (Space.LABEL, catch.label))
            if place[1] is not None
        ]
    if kind.shape is Shape.MEMARG:
        return [(Space.MEMORY, value.memory or 0)]
    if kind.shape is Shape.CAST:
        return [(Space.LABEL, value.label), *type_indices(value.source), *type_indices(value.target)]
    if kind.shape is Shape.VALTYPES:
        return [place for item in value for place in type_indices(item)]
    return type_indices(value) if kind.space is Space.TYPE else []


def type_indices(value: Any) -> list[tuple[Space, int]]:
    heap = value.heap if isinstance(value, RefType) else value
    return [(Space.TYPE, heap)] if isinstance(heap, int) else []


@given(STREAMS, MARGIN, st.sets(st.sampled_from(Space)))
def test_find_operands_finds_what_decoding_shows(stream: list[Instr], before: bytes, spaces: set[Space]) -> None:
    data = before + encode(stream)
    expected = [
        (space, index, op)
        for op, operands in stream
        for kind, value in zip(op.operands, operands, strict=True)
        for space, index in indices(kind, value)
        if space in spaces
    ]
    found = find_operands(data, len(before), len(data), frozenset(spaces))
    assert [(space, value, op) for space, _, _, value, op in found] == expected
    for _, offset, width, value, _ in found:
        integer = sum((byte & 0x7F) << (7 * at) for at, byte in enumerate(data[offset : offset + width]))
        assert integer == value


@given(STREAMS, MARGIN, st.sets(st.sampled_from(ROWS), max_size=5), st.booleans())
def test_find_ops_finds_what_decoding_shows(stream: list[Instr], before: bytes, some: set[Op], own: bool) -> None:
    wanted = some | ({stream[0][0], stream[-1][0]} if own else set())
    data = before + encode(stream)
    decoded = decode(data, len(before), len(data))
    found = find_ops(data, len(before), len(data), frozenset(op.name for op in wanted))
    assert found == [(offset, op) for offset, op, _ in decoded if op in wanted]


# ---- remapping ----

Maps = Mapping[Space, Mapping[int, int]]


def new_index(maps: Maps, space: Space, index: Any) -> Any:
    return keep_width(index, maps.get(space, {})[index]) if index in maps.get(space, {}) else index


def new_type_index(maps: Maps, index: int) -> int:
    """As ``new_index``, for an index written as a signed number."""
    mapping = maps.get(Space.TYPE, {})
    if mapping.get(index, index) == index:
        return index
    width = index.width if isinstance(index, Padded) else s_width(index)
    new = mapping[index]
    return Padded(new, width) if s_width(new) < width else new


def new_type(maps: Maps, value: Any) -> Any:
    if isinstance(value, RefType) and isinstance(value.heap, int):
        return RefType(value.nullable, new_type_index(maps, value.heap), value.long)
    return new_type_index(maps, value) if isinstance(value, int) else value


def new_memarg(maps: Maps, value: MemArg) -> MemArg:
    new = maps.get(Space.MEMORY, {}).get(0, 0) if value.memory is None else new_index(maps, Space.MEMORY, value.memory)
    return value if value.memory is None and not new else value._replace(memory=new)


def same_count(old: tuple[Any, ...], new: list[Any]) -> tuple[Any, ...]:
    return PaddedTuple(tuple(new), old.width) if isinstance(old, PaddedTuple) else tuple(new)


def new_operand(maps: Maps, kind: OperandKind, value: Any) -> Any:
    if kind.shape is Shape.U32 and kind.space is not None:
        return new_index(maps, kind.space, value)
    if kind.shape is Shape.MEMARG:
        return new_memarg(maps, value)
    if kind.shape is Shape.LABELS:
        labels = [new_index(maps, Space.LABEL, label) for label in value.labels]
        return BrTable(same_count(value.labels, labels), new_index(maps, Space.LABEL, value.default))
    if kind.shape is Shape.CATCHES:
        return same_count(
            value,
            [
                Catch(one.kind, new_index(maps, Space.TAG, one.tag), new_index(maps, Space.LABEL, one.label))
                for one in value
            ],
        )
    if kind.shape is Shape.CAST:
        label = new_index(maps, Space.LABEL, value.label)
        return Cast(label, new_type(maps, value.source), new_type(maps, value.target))
    if kind.shape is Shape.VALTYPES:
        return same_count(value, [new_type(maps, item) for item in value])
    return new_type(maps, value) if kind.space is Space.TYPE else value


def new_operands(maps: Maps, op: Op, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    return same_count(
        operands, [new_operand(maps, kind, value) for kind, value in zip(op.operands, operands, strict=True)]
    )


SMALL = st.integers(0, 4)
INDEX_MAPS = st.one_of(
    st.dictionaries(st.one_of(SMALL, st.integers(0, 300)), mostly_small(2**32 - 1), max_size=4),
    st.just({index: index + 1 for index in range(301)}),
    st.just({index: 300 - index for index in range(301)}),
)


@given(STREAMS, MARGIN, st.dictionaries(st.sampled_from(Space), INDEX_MAPS, max_size=3))
def test_remap_is_decode_map_encode(stream: list[Instr], before: bytes, maps: dict[Space, dict[int, int]]) -> None:
    body = encode(stream)
    data = before + body + b"\x10\x00"
    expected = encode((op, new_operands(maps, op, operands)) for op, operands in stream)
    found = remap(data, len(before), len(before) + len(body), maps)
    assert (body if found is None else found) == expected
    assert (found is None) is (expected == body)


# ---- hostile input ----

KERNELS: dict[str, Callable[[Buffer, int, int], object]] = {
    "decode": decode,
    "skip_instr": skip_instr,
    "skip_expr": skip_expr,
    "find_ops": lambda buf, start, end: find_ops(buf, start, end, frozenset({"call", "br_table"})),
    "find_operands": lambda buf, start, end: find_operands(buf, start, end, frozenset(Space)),
    "remap": lambda buf, start, end: remap(buf, start, end, {space: {0: 1, 1: 300} for space in Space}),
}


def refuses_cleanly(kernel: Callable[[Buffer, int, int], object], data: bytes, start: int, end: int) -> None:
    place: int | None = start
    try:
        kernel(data, start, end)
    except MalformedError as error:
        place = error.position.offset
    assert place is not None
    assert start <= place <= end


@pytest.mark.parametrize("name", KERNELS)
@given(data=st.binary(max_size=40), margin=MARGIN)
def test_any_bytes(name: str, data: bytes, margin: bytes) -> None:
    refuses_cleanly(KERNELS[name], margin + data + margin, len(margin), len(margin) + len(data))


@pytest.mark.parametrize("name", KERNELS)
@given(stream=STREAMS, data=st.data())
def test_cut_or_changed_streams(name: str, stream: list[Instr], data: st.DataObject) -> None:
    body = bytearray(encode(stream))
    for _ in range(data.draw(st.integers(0, 2))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(body)))
    refuses_cleanly(KERNELS[name], bytes(body), 0, end)


@given(STREAMS, st.data())
def test_a_cut_body_is_never_accepted(stream: list[Instr], data: st.DataObject) -> None:
    body = encode(stream)
    end = data.draw(st.integers(0, len(body) - 1))
    for kernel in (decode, skip_expr):
        with pytest.raises(MalformedError):
            kernel(body, 0, end)


@given(st.binary(max_size=40))
def test_what_decoding_accepts_is_encoded_the_same(data: bytes) -> None:
    try:
        found = decode(data, 0, len(data))
    except MalformedError:
        return
    assert encode((op, operands) for _, op, operands in found) == data
