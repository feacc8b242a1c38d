"""Whatever is made for each row of the instruction table is there for every row, and for nothing else."""

from __future__ import annotations

from tests.helpers.every import every
from tools.meanings_c import all_meanings, header
from wasmrewrite import meanings
from wasmrewrite.features import Feature
from wasmrewrite.flat.compile import EXECUTED
from wasmrewrite.interp.bind import BOUND
from wasmrewrite.isa.immediates import KINDS, OperandKind, Shape, Space
from wasmrewrite.isa.op import Kind, Op
from wasmrewrite.isa.signature import Signature
from wasmrewrite.isa.structure import OPENERS, STRUCTURAL
from wasmrewrite.isa.table import BY_CODE, BY_NAME, PREFIXES, ROWS
from wasmrewrite.kernels.first_byte import FORMS, OPS
from wasmrewrite.kernels.grammar import run_to_index, run_without
from wasmrewrite.kernels.indices import FINDERS, WRITES_TYPES_SIGNED
from wasmrewrite.meanings.memory import LOADS, STORES


@every("op", ROWS, ids=str)
def test_row_is_found_by_code_and_name(op: Op) -> None:
    assert BY_CODE[op.code] is op
    assert BY_NAME[op.name] is op


def test_nothing_else_is_found() -> None:
    assert set(BY_CODE.values()) == set(BY_NAME.values()) == set(ROWS)


def test_operand_kinds_and_rows() -> None:
    used = {kind for op in ROWS for kind in op.operands}
    assert used == set(KINDS)


@every("kind", KINDS, ids=str)
def test_operand_kind_can_be_read_written_shown_and_parsed(kind: OperandKind) -> None:
    for function in (kind.read, kind.write, kind.show, kind.parse):
        assert callable(function)
    assert (kind.natural > 0) <= (kind.shape is Shape.MEMARG)
    assert (kind.lanes > 0) <= (kind.shape in (Shape.BYTE, Shape.SIXTEEN))


def test_shapes() -> None:
    assert {kind.shape for kind in KINDS} == set(Shape)


def test_spaces() -> None:
    assert {kind.space for kind in KINDS} - {None} == set(Space)


def test_finders_and_shapes() -> None:
    assert set(FINDERS) == set(Shape)


def test_forms_of_operands() -> None:
    """Each form that loops tell apart occurs, and there are few enough of them."""
    assert {op.kind for op in ROWS} | set(FORMS) == set(Kind)
    assert len(Kind) <= 20


@every("byte", range(0x100))
def test_first_byte(byte: int) -> None:
    op = BY_CODE.get(byte)
    assert OPS[byte] is op
    if byte in PREFIXES:
        assert FORMS[byte] == Kind.PREFIX
    elif op is None:
        assert FORMS[byte] == Kind.ILLEGAL
    else:
        assert FORMS[byte] == (Kind.STRUCTURE if op in STRUCTURAL else op.kind)


def test_openers_are_structural() -> None:
    assert OPENERS < STRUCTURAL
    assert not {op for op in STRUCTURAL if op.prefix is not None}  # decoding tells them by their first byte


def test_type_indices_are_signed_or_unsigned_in_all_of_an_instruction() -> None:
    for op in ROWS:
        shapes = {kind.shape for kind in op.operands if kind.space is Space.TYPE}
        if op in WRITES_TYPES_SIGNED:
            assert Shape.U32 not in shapes
        else:
            assert shapes <= {Shape.U32}


NOT_EXECUTED = {
    Feature.SIMD,
    Feature.RELAXED_SIMD,
    Feature.GC,
    Feature.EXCEPTIONS,
    Feature.LEGACY_EXCEPTIONS,
    Feature.THREADS,
}
"""Proposals that our engines do not run."""


def test_every_instruction_has_a_form_in_flat_code() -> None:
    """A row of any other proposal needs a handler of its own, or a meaning."""
    missing = [op.name for op in ROWS if op.feature not in NOT_EXECUTED and op not in EXECUTED]
    assert missing == [], f"no meaning in wasmrewrite/meanings, nor a handler in flat/compile.py: {missing}"
    too_much = sorted({op.feature for op in EXECUTED} & NOT_EXECUTED)
    assert too_much == [], f"executed, but said not to be: {too_much}"


def test_every_meaning_belongs_to_a_row_and_has_its_shape() -> None:
    without = sorted(meanings.ALL.keys() - BY_NAME.keys())
    assert without == [], f"meanings of nothing: {without}"
    shapes = {name: (len(sig.params), len(sig.results)) for name in meanings.ALL
              if isinstance(sig := BY_NAME[name].signature, Signature)}  # fmt: skip
    expected = {**dict.fromkeys(meanings.UNARY, (1, 1)), **dict.fromkeys(meanings.BINARY, (2, 1)),
                **dict.fromkeys(meanings.TESTS, (2, 1)), **dict.fromkeys(meanings.READS, (1, 1)),
                **dict.fromkeys(meanings.WRITES, (2, 0))}  # fmt: skip
    wrong = [name for name, shape in expected.items() if shapes.get(name, shape) != shape]
    assert wrong == [], f"these take or give another number of values than their rows say: {wrong}"


def test_accesses_are_those_of_the_rows() -> None:
    """``tools/meanings_c.py`` reads them out of meanings/memory.py, without the table of instructions."""
    for name, access in {**LOADS, **STORES}.items():
        row = BY_NAME[name]
        assert isinstance(row.signature, Signature)
        on_stack = row.signature.results[0] if name in LOADS else row.signature.params[1]
        assert (access.size, access.signed, access.type) == (row.access, row.signed, str(on_stack)), name


def test_the_interpreter_binds_every_meaning() -> None:
    missing = [name for name in meanings.ALL if BY_NAME[name].code not in BOUND]
    assert missing == [], f"no function for flat code to be bound to: {missing}"


def test_every_meaning_of_numbers_can_be_printed_as_c() -> None:
    printed = {each.mnemonic for each in all_meanings()}
    missing = sorted({*meanings.NUMERIC, *meanings.TESTS} - printed)
    assert missing == [], f"tools/meanings_c.py prints nothing for {missing}"
    header()  # raises with a place for what has no form in C


SIMPLEST = {
    Shape.U32: b"\0", Shape.S32: b"\0", Shape.S64: b"\0", Shape.BYTE: b"\0", Shape.FOUR: bytes(4),
    Shape.EIGHT: bytes(8), Shape.SIXTEEN: bytes(16), Shape.MEMARG: b"\0\0", Shape.BLOCKTYPE: b"\x40",
    Shape.HEAPTYPE: b"\x6e", Shape.LABELS: b"\0\0", Shape.VALTYPES: b"\0", Shape.CATCHES: b"\0",
    Shape.CAST: b"\0\0\x6e\x6e",
}  # fmt: skip
COUNTED = {Shape.LABELS, Shape.VALTYPES, Shape.CATCHES, Shape.CAST}


@every("op", ROWS, ids=str)
def test_fast_scan_knows_the_row(op: Op) -> None:
    """The generated pattern runs over each instruction, unless it is one that it must stop at."""
    shapes = [kind.shape for kind in op.operands]
    data = op.head + b"".join(SIMPLEST[shape] for shape in shapes)
    found = run_without(frozenset()).match(data)
    assert found is not None
    assert found.end() == (0 if COUNTED & set(shapes) else len(data))
    stopped = run_without(frozenset({op})).match(data)
    assert stopped is not None
    assert stopped.end() == 0
    spaces = frozenset((kind.space, None) for kind in op.operands if kind.space is not None)
    at_index = run_to_index(spaces).match(data)
    assert at_index is not None
    names_something = {Shape.U32, Shape.MEMARG} & {kind.shape for kind in op.operands if kind.space is not None}
    assert (at_index.end(1) > 0) is (op.kind == Kind.U32 and bool(names_something) and op.prefix is None)
    if names_something and at_index.end(1) < 0:
        assert at_index.end() == 0
