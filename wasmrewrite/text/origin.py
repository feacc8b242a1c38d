"""Where an operand of the wrong type was pushed: the note to a type error of straight-line code.

Does not contain: types of blocks. A value that comes out of one, or that an instruction of a type of its own takes part
in, has no note.
"""

from __future__ import annotations

import re
from typing import Final

from ..isa.signature import Signature
from ..isa.structure import DIVIDERS, OPENERS
from ..isa.table import BY_NAME
from ..isa.types import FuncType
from .draft import Draft, Function, RawInstr
from .lexer import Token, Tokens
from .problem import Note

_MISMATCH: Final = re.compile(r"type mismatch: \w+ requires \[([^\]]*)\] but stack has \[([^\]]*)\]")
_TYPE: Final = re.compile(r"\([^)]*\)|\S+")
_CALL: Final = BY_NAME["call"]
_LOCALS: Final = {BY_NAME["local.get"]: (0, 1), BY_NAME["local.set"]: (1, 0), BY_NAME["local.tee"]: (1, 1)}
_BLOCKS: Final = frozenset((*OPENERS, *DIVIDERS, BY_NAME["end"]))
_CONVERSIONS: Final = {
    ("i32", "i64"): ("i64.extend_i32_s", "i64.extend_i32_u"), ("i64", "i32"): ("i32.wrap_i64",),
    ("f32", "f64"): ("f64.promote_f32",), ("f64", "f32"): ("f32.demote_f64",),
}  # fmt: skip


def origin(message: str, tokens: Tokens, draft: Draft, func: Function, index: int) -> Note | None:
    """The note to a type mismatch at an instruction; None if it cannot be told which value is the wrong one."""
    found = _MISMATCH.match(message)
    if found is None:
        return None
    wanted, given = _TYPE.findall(found[1]), _TYPE.findall(found[2])
    for depth, (want, have) in enumerate(zip(reversed(wanted), reversed(given), strict=False)):
        if want != have:
            pusher = _pusher(draft, func, index, depth)
            return None if pusher is None else _note(tokens, func, pusher, have, want)
    return None


def _note(tokens: Tokens, func: Function, pusher: int, have: str, want: str) -> Note:
    first = func.code.tokens[pusher]
    last = first + len(func.code.instrs[pusher][1])
    if tokens.kinds[last] not in (Token.ID, Token.NUMBER):  # an operand that the text leaves out, or more than one word
        last = first
    help_ = " or ".join(_conversions(have, want))
    converts = f"; {help_} converts it" if help_ else ""
    return Note(f"the {have} is pushed here{converts}", tokens.starts[first], tokens.ends[last])


def _conversions(have: str, want: str) -> tuple[str, ...]:
    if (have, want) in _CONVERSIONS:
        return _CONVERSIONS[have, want]
    names = (f"{want}.{verb}_{have}_{sign}" for verb in ("convert", "trunc_sat") for sign in "su")
    return tuple(name for name in names if name in BY_NAME)


def _pusher(draft: Draft, func: Function, index: int, depth: int) -> int | None:
    """The instruction that pushed the value ``depth`` below the top of the stack before an instruction."""
    for at in range(index - 1, -1, -1):
        effect = _effect(draft, func.code.instrs[at])
        if effect is None:
            return None
        pops, pushes = effect
        if depth < pushes:
            return at
        depth += pops - pushes
    return None


def _effect(draft: Draft, instr: RawInstr) -> tuple[int, int] | None:
    """How many values an instruction takes and leaves; None if that hangs on more than itself."""
    op, operands = instr
    if op in _LOCALS:
        return _LOCALS[op]
    if op is _CALL:
        return _call(draft, operands[0])
    if op in _BLOCKS or not isinstance(op.signature, Signature):
        return None
    return len(op.signature.params), len(op.signature.results)


def _call(draft: Draft, index: int) -> tuple[int, int] | None:
    imported = [record["desc"] for record in draft.imports if record["kind"] == "function"]
    types = [*imported, *(func.type for func in draft.funcs)]
    type = draft.symbols.types.func(types[index]) if index < len(types) else None
    return (len(type.params), len(type.results)) if isinstance(type, FuncType) else None

