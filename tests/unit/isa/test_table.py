"""The table, compared row by row with facts taken from the specification's own index."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers.every import every
from wasmrewrite.errors import InternalError
from wasmrewrite.isa.effects import Effect
from wasmrewrite.isa.immediates import Shape, Space
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.signature import CUSTOM, Signature
from wasmrewrite.isa.table import BY_CODE, BY_MNEMONIC, BY_NAME, PREFIXES, ROWS, index_rows

FACTS = Path(__file__).parent.parent.parent / "fixtures" / "spec_opcodes.tsv"


class Fact(NamedTuple):
    """A line of the specification's index."""

    code: int
    since: str
    name: str
    immediates: tuple[str, ...]
    type: str


def fact(line: str) -> Fact:
    opcode, since, name, immediates, text = line.split("\t")
    first, *rest = bytes.fromhex(opcode)
    number = sum((byte & 0x7F) << (7 * at) for at, byte in enumerate(rest))
    return Fact(first << 16 | number if rest else first, since, name, tuple(immediates.split()), text)


FACT_LIST = [fact(line) for line in FACTS.read_text("utf-8").splitlines() if not line.startswith("#")]

# The specification's words for immediates -> shape and space of the operand they stand for.
IMMEDIATE: dict[str, tuple[Shape, Space | None]] = {
    "typeidx": (Shape.U32, Space.TYPE),
    "funcidx": (Shape.U32, Space.FUNC),
    "tableidx": (Shape.U32, Space.TABLE),
    "memidx": (Shape.U32, Space.MEMORY),
    "globalidx": (Shape.U32, Space.GLOBAL),
    "tagidx": (Shape.U32, Space.TAG),
    "elemidx": (Shape.U32, Space.ELEM),
    "dataidx": (Shape.U32, Space.DATA),
    "localidx": (Shape.U32, Space.LOCAL),
    "labelidx": (Shape.U32, Space.LABEL),
    "fieldidx": (Shape.U32, Space.FIELD),
    "u32": (Shape.U32, None),
    "i32": (Shape.S32, None),
    "i64": (Shape.S64, None),
    "f32": (Shape.FOUR, None),
    "f64": (Shape.EIGHT, None),
    "v128": (Shape.SIXTEEN, None),
    "laneidx": (Shape.BYTE, None),
    "laneidx^16": (Shape.SIXTEEN, None),
    "memarg": (Shape.MEMARG, Space.MEMORY),
    "blocktype": (Shape.BLOCKTYPE, Space.TYPE),
    "valtype*": (Shape.VALTYPES, Space.TYPE),
    "catch*": (Shape.CATCHES, Space.TAG),
    "heaptype": (Shape.HEAPTYPE, Space.TYPE),
    "castop": (Shape.CAST, Space.TYPE),
    "labelidx* labelidx": (Shape.LABELS, Space.LABEL),
}


def test_the_facts_are_all_there() -> None:
    assert len(FACT_LIST) == 499
    assert len({one.code for one in FACT_LIST}) == 499


@every("one", FACT_LIST, ids=lambda one: str(one.name))
def test_row(one: Fact) -> None:
    op = BY_CODE[one.code]
    assert op.name == one.name
    assert BY_NAME[one.name] is op
    assert op.since == one.since
    words = [" ".join(one.immediates)] if one.name == "br_table" else one.immediates
    assert [(operand.shape, operand.space) for operand in op.operands] == [IMMEDIATE[word] for word in words]


def plain(text: str) -> str:
    """The specification's type in the words of the signature column."""
    text = (
        text.replace("addr_1", "addr1")
        .replace("addr_2", "addr2")
        .replace("[t ", "[T ")
        .replace("(ref null array)", "arrayref")
    )
    return re.sub(r"\bt\b", "T", text).replace("i31REF", "i31ref")


@every("one", FACT_LIST, ids=lambda one: str(one.name))
def test_signature(one: Fact) -> None:
    found = BY_CODE[one.code].signature
    if found is CUSTOM:
        # The index gives such instructions types with sequences, references or types of other items, or none.
        assert re.search(r"\*|\^n|\bref\b|_1|\[t", one.type) or not one.type
    else:
        assert str(found) == plain(one.type)


def test_rows_beyond_the_specification() -> None:
    """Every row is in the index of version 3.0, or belongs to a proposal that is not."""
    known = {one.code for one in FACT_LIST}
    beyond = [op for op in ROWS if op.code not in known]
    assert {op.feature for op in beyond} == {"threads", "legacy-exceptions", "wide-arithmetic"}
    assert {op.since for op in beyond} == {""}
    assert len(beyond) == 67 + 5 + 4


def test_every_row_is_found() -> None:
    assert list(BY_CODE.values()) == list(BY_NAME.values()) == list(ROWS)
    assert {code for code, op in BY_CODE.items() if op.code != code} == set()
    assert {name for name, op in BY_NAME.items() if op.name != name} == set()
    assert [op for ops in BY_MNEMONIC.values() for op in ops if op.mnemonic not in BY_MNEMONIC] == []
    assert {name: len(ops) for name, ops in BY_MNEMONIC.items() if len(ops) > 1} == {
        "select": 2,
        "ref.test": 2,
        "ref.cast": 2,
    }


def test_prefixes() -> None:
    assert {0xFB, 0xFC, 0xFD, 0xFE} == PREFIXES
    assert not PREFIXES & BY_CODE.keys()


def test_duplicates_are_refused() -> None:
    with pytest.raises(InternalError, match=r"i32\.add"):
        index_rows([*ROWS, BY_NAME["i32.add"], BY_NAME["i32.sub"], _renumbered()], lambda row: row.code)


def _renumbered() -> Op:
    twin = BY_NAME["i32.sub"]
    return Op(0x6A, "i32.twin", twin.signature, twin.effects, (), twin.kind, twin.feature, b"\x6a")


def test_the_mapping_is_read_only() -> None:
    with pytest.raises(TypeError):
        BY_CODE[0x6A] = BY_NAME["nop"]  # type: ignore[index]


@every("op", ROWS, ids=str)
def test_effects_fit_the_operands(op: Op) -> None:
    """What an instruction touches shows in its operands, and the other way round."""
    spaces = {operand.space for operand in op.operands}
    memory = Effect.READS_MEM | Effect.WRITES_MEM | Effect.WAITS
    tables = Effect.READS_TABLE | Effect.WRITES_TABLE
    assert bool(op.effects & tables) is (Space.TABLE in spaces)
    assert bool(op.effects & memory) is (Space.MEMORY in spaces or op.name == "atomic.fence")
    assert bool(op.effects & (Effect.READS_GLOBAL | Effect.WRITES_GLOBAL)) is (Space.GLOBAL in spaces)
    assert bool(op.effects & (Effect.READS_LOCAL | Effect.WRITES_LOCAL)) is (Space.LOCAL in spaces)


CONSTANT = {
    "i32.const", "i64.const", "f32.const", "f64.const", "v128.const", "i32.add", "i32.sub", "i32.mul", "i64.add",
    "i64.sub", "i64.mul", "ref.null", "ref.i31", "ref.func", "struct.new", "struct.new_default", "array.new",
    "array.new_default", "array.new_fixed", "any.convert_extern", "extern.convert_any", "global.get", "end",
}  # fmt: skip


def test_constant_instructions() -> None:
    """Specification 3.4.16, and the ``end`` that closes an expression."""
    assert {op.name for op in ROWS if op.effects & Effect.CONST} == CONSTANT


TRAPPING_NUMERIC = {
    f"{kind}.{name}"
    for kind in ("i32", "i64")
    for name in ("div_s", "div_u", "rem_s", "rem_u", "trunc_f32_s", "trunc_f32_u", "trunc_f64_s", "trunc_f64_u")
}


def test_numeric_instructions_that_trap() -> None:
    """Specification 4.3: division, remainder and the conversions that do not saturate."""
    found = {
        op.name for op in ROWS if op.effects & Effect.TRAPS and not op.operands and isinstance(op.signature, Signature)
    }
    assert found == TRAPPING_NUMERIC | {"array.len", "i31.get_s", "i31.get_u"}


def size_in_name(name: str) -> int:
    """How many bytes an access moves, as its name tells."""
    kind, _, rest = name.partition(".")
    numbers = re.search(r"(?:load|store|rmw|notify|wait)(\d+)?(?:x(\d+))?", rest)
    bits = 32 if "notify" in rest else int(re.findall(r"\d+", kind)[0]) if "." in name and kind != "memory" else 0
    if numbers and numbers[1]:
        bits = int(numbers[1]) * int(numbers[2] or 1)
    return bits // 8


@every("op", [op for op in ROWS if Shape.MEMARG in {o.shape for o in op.operands}], ids=str)
def test_natural_alignment(op: Op) -> None:
    assert 1 << op.operands[0].natural == size_in_name(op.name)


@every("op", [op for op in ROWS if "_lane" in op.name and op.feature == "simd"], ids=str)
def test_lane_counts(op: Op) -> None:
    shape = re.match(r"[if]\d+x(\d+)", op.name)
    expected = int(shape[1]) if shape else 16 // size_in_name(op.name)
    assert op.operands[-1].lanes == expected
