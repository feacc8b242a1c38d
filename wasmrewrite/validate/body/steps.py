"""What is done without a rule at frequent instructions, made from the table.

Not here: doing it (``fast`` at bytes, ``plain`` at decoded instructions).
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from ...isa.op import Kind, Op
from ...isa.operand_bytes import EMPTY_BLOCK, SIMPLE_OF_CODE
from ...isa.signature import Signature as TableSignature
from ...isa.signature import SigType, Word
from ...isa.structure import END
from ...isa.table import BY_CODE, ROWS
from .context import Signature
from .types import code_of

Step: TypeAlias = tuple[int, Any, Any]
"""A kind of step, what it takes, and what it leaves, as codes of types or as the kind says."""

(
    BY_RULE, CONSTANT, COMBINE, REPLACE, CLOSE, OPEN, DROP, SELECT, FLOAT,
    INDEX, LOCAL_GET, LOCAL_SET, LOCAL_TEE, LOAD, STORE, BRANCH_IF, CALL, BRANCH, GLOBAL_GET, GLOBAL_SET,
) = range(20)  # fmt: skip
"""Kinds of steps, the frequent ones first. ``COMBINE`` takes two operands of one type and leaves one, ``REPLACE`` takes
one; ``CONSTANT`` and ``FLOAT`` say first how many bytes their value takes at most, ``LOAD`` and ``STORE`` how far they
may be aligned, ``OPEN`` says which block. From ``INDEX`` on an index follows, or an alignment, which looks the same."""

_NO_STEP: Final[Step] = (BY_RULE, None, None)
_BY_NAME: Final[dict[str, int]] = {
    "local.get": LOCAL_GET,
    "local.set": LOCAL_SET,
    "local.tee": LOCAL_TEE,
    "end": CLOSE,
    "block": OPEN,
    "loop": OPEN,
    "if": OPEN,
    "br_if": BRANCH_IF,
    "br": BRANCH,
    "call": CALL,
    "global.get": GLOBAL_GET,
    "global.set": GLOBAL_SET,
    "drop": DROP,
    "select": SELECT,
}
_SAFE: Final = {Kind.S32: (CONSTANT, 4), Kind.S64: (CONSTANT, 9), Kind.FOUR: (FLOAT, 4), Kind.EIGHT: (FLOAT, 8)}
"""How constants are read, and how many bytes cannot have a bit too many."""


def _step(op: Op | None) -> Step:
    if op is None:
        return _NO_STEP
    if op.name in _BY_NAME:
        return _BY_NAME[op.name], op, None
    signature = op.signature
    if not isinstance(signature, TableSignature):
        return _NO_STEP
    return _by_shape(op, _codes(signature.params), _codes(signature.results))


def _codes(types: tuple[SigType, ...]) -> list[int | None]:
    """The codes of types; None for one that operands tell, which is that of an address here."""
    return [None if isinstance(each, Word) else code_of(each) for each in types]


def _by_shape(op: Op, params: list[int | None], results: list[int | None]) -> Step:
    shape = op.kind, len(params), len(results)
    if shape == (Kind.NONE, 1, 1):
        return REPLACE, params[0], results[0]
    if shape == (Kind.NONE, 2, 1) and params[0] == params[1]:
        return COMBINE, params[0], results[0]
    if shape == (Kind.MEMARG, 1, 1):
        return LOAD, op.operands[0].natural, results[0]
    if shape == (Kind.MEMARG, 2, 0):
        return STORE, op.operands[0].natural, params[1]
    if op.kind in _SAFE and shape[1:] == (0, 1):
        return *_SAFE[Kind(op.kind)], results[0]
    return _NO_STEP


def _is_combined(op: Op) -> bool:
    """Whether an instruction behind a prefix only combines operands; accesses there have conditions of their own."""
    return op.prefix is not None and op.kind == Kind.NONE


def _decoded(op: Op) -> Step:
    """The step of a row whose operands are known to be read."""
    if op.prefix is not None and not _is_combined(op):
        return _NO_STEP
    kind, wanted, given = _step(op)
    return CONSTANT if kind == FLOAT else kind, wanted, given


OF_ROW: Final = {op: _decoded(op) for op in ROWS}
"""The step of each row; its operands are known already, so that all constants are alike."""
STEPS: Final = tuple(_step(BY_CODE.get(byte)) for byte in range(0x100))
"""The step at each first byte."""
BY_RULES_ONLY: Final = dict.fromkeys(ROWS, _NO_STEP)
UNREACHABLE: Final = {**BY_RULES_ONLY, END: _step(END)}
"""The step of each row where no execution gets, and operands may be anything."""
STEPS_WITHOUT_MEMORY: Final = tuple(_NO_STEP if each[0] in (LOAD, STORE) else each for each in STEPS)
"""The same where memory 0 is missing, or its addresses are not i32."""
BLOCKS: Final[dict[int, Signature]] = {
    EMPTY_BLOCK: ([], []),
    **{byte: ([], [code_of(value)]) for byte, value in SIMPLE_OF_CODE.items()},
}
"""What block types of one byte mean, but for indices."""
