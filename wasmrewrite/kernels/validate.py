"""Validate the bytes of one body (specification 3.4, algorithm of its appendix) and note what an interpreter needs.

One loop reads and checks at once. Frequent instructions, in their short forms and in reachable code, are done in the
loop; all others, and whatever looks wrong there, are read by the table and checked by ``rules``. Not here: the module
around the body (``validate``), constant expressions' limits (``validate.const_expr``).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ..errors import InternalError, WasmError
from ..isa.immediates import MemArg
from ..isa.leb import Buffer, read_s32, read_s64
from ..isa.op import Kind, Op
from ..isa.operand_bytes import SIMPLE_OF_CODE
from ..isa.signature import Signature as TableSignature
from ..isa.signature import Word
from ..isa.table import BY_NAME
from ..isa.types import I32, NUMBERS, FuncType, RefType, ValType
from ..messages import section_size_mismatch, too_much, unexpected_end_of_section_or_function
from .checker import MAX_STACK, Checker, Frame
from .decode import RawInstr, decode
from .first_byte import OPS, read_instr
from .module_context import ModuleContext, Signature
from .rules import RULES
from .skip import missing_end

MAX_LOCALS: Final = 50_000
"""Parameters and locals of one function; the limit that engines agreed on."""


class SideTable(NamedTuple):
    """A validated body.

    ``instrs``: the body in decode order, its last ``end`` included. ``heights``: operands on the stack before each of
    them, -1 where no execution gets. ``ends``: index of a block's opener to that of its ``end`` (or ``delegate``);
    ``elses``: index of an ``if`` to that of its ``else``. ``max_height``: the most operands at once. A table that was
    not to be kept has no ``instrs`` and ``heights``.
    """

    instrs: list[RawInstr]
    heights: array[int]
    ends: dict[int, int]
    elses: dict[int, int]
    max_height: int


# What the loop does itself, by first byte, in order of frequency; anything else is SLOW.
_ACTIONS: Final = (
    "SLOW", "LOCAL_GET", "CONST", "BINARY", "LOCAL_SET", "LOCAL_TEE", "LOAD", "STORE", "END", "BLOCK", "BR_IF", "CALL",
    "UNARY", "BR", "GLOBAL_GET", "GLOBAL_SET", "DROP", "SELECT", "UNREACHABLE", "FLOAT",
)  # fmt: skip
_BY_NAME: Final = {
    "local.get": "LOCAL_GET",
    "local.set": "LOCAL_SET",
    "local.tee": "LOCAL_TEE",
    "i32.const": "CONST",
    "i64.const": "CONST",
    "f32.const": "FLOAT",
    "f64.const": "FLOAT",
    "end": "END",
    "block": "BLOCK",
    "loop": "BLOCK",
    "if": "BLOCK",
    "br_if": "BR_IF",
    "br": "BR",
    "call": "CALL",
    "global.get": "GLOBAL_GET",
    "global.set": "GLOBAL_SET",
    "drop": "DROP",
    "select": "SELECT",
    "unreachable": "UNREACHABLE",
}
_BY_SHAPE: Final = {
    (Kind.NONE, 1, 1): "UNARY",
    (Kind.NONE, 2, 1): "BINARY",
    (Kind.MEMARG, 1, 1): "LOAD",
    (Kind.MEMARG, 2, 0): "STORE",
}


def _action(op: Op | None) -> str:
    if op is None or op.name in _BY_NAME:
        return "SLOW" if op is None else _BY_NAME[op.name]
    if not isinstance(op.signature, TableSignature):
        return "SLOW"
    return _BY_SHAPE.get((Kind(op.kind), len(op.signature.params), len(op.signature.results)), "SLOW")


def _actions(*left_out: str) -> tuple[int, ...]:
    """The number of the action for each first byte."""
    names = (_action(op) for op in OPS)
    return tuple(0 if name in left_out else _ACTIONS.index(name) for name in names)


def _word(op: Op | None, of_results: bool, at: int) -> Any:
    """The type of a parameter or result where there is one that the table knows."""
    if op is None or not isinstance(op.signature, TableSignature):
        return None
    words = op.signature.results if of_results else op.signature.params
    return words[at] if at < len(words) and not isinstance(words[at], Word) else None


_LIVE: Final = _actions()
_LIVE_WITHOUT_MEMORY: Final = _actions("LOAD", "STORE")
"""Where memory 0 is missing, or its addresses are not i32."""
_DEAD: Final = _actions(*(name for name in _ACTIONS if name != "END"))
_BY_RULES: Final = _actions(*_ACTIONS)

_FIRST: Final = tuple(_word(op, False, 0) for op in OPS)
_SECOND: Final = tuple(_word(op, False, 1) for op in OPS)
_RESULT: Final = tuple(_word(op, True, 0) for op in OPS)
_SIZES: Final = tuple(_RESULT[code].size if _action(op) == "FLOAT" else 0 for code, op in enumerate(OPS))
_ALIGNS: Final = tuple(op.operands[0].natural + 1 if op is not None and op.kind == Kind.MEMARG else 0 for op in OPS)
"""Alignments of memory 0 must be below."""

_UNSIGNED: Final = tuple((value,) for value in range(0x80))
_SIGNED: Final = tuple((value if value < 0x40 else value - 0x80,) for value in range(0x80))
_MEMARGS: Final = tuple(tuple((MemArg(align, offset),) for offset in range(0x80)) for align in range(max(_ALIGNS)))
_SIMPLE_BLOCKS: Final[dict[int, tuple[Any]]] = {
    0x40: (None,),
    **{code: (value,) for code, value in SIMPLE_OF_CODE.items()},
}
_SIMPLE_SIGNATURES: Final[dict[int, Signature]] = {
    code: ([], [] if each is None else [each]) for code, (each,) in _SIMPLE_BLOCKS.items()
}
_NUMBERS: Final = frozenset(NUMBERS.values())
_IF: Final = BY_NAME["if"]
_IF_CODE: Final = _IF.code
_I64_CONST: Final = BY_NAME["i64.const"].code
_LOOP_CODE: Final = BY_NAME["loop"].code


def validate_body(
    buf: Buffer,
    start: int,
    end: int,
    context: ModuleContext,
    func_type: FuncType,
    body_locals: Sequence[tuple[int, ValType]],
    *,
    keep: bool = True,
) -> SideTable:
    """Validate the expression ``buf[start:end]`` of a function of type ``func_type`` with run-length ``body_locals``.

    Types in ``func_type`` may hold type indices or ``TypeDef``s. With ``keep=False`` only the check is made, which is
    faster. Raises InvalidError or, if the bytes are no expression, MalformedError, with an absolute offset; LimitError
    for more locals or operands than any engine takes.
    """
    params = [context.value_type(each, start) for each in func_type.params]
    results = [context.value_type(each, start) for each in func_type.results]
    return check_body(buf, start, end, context, (params, results), body_locals, keep)


def check_body(
    buf: Buffer,
    start: int,
    end: int,
    context: ModuleContext,
    signature: Signature,
    body_locals: Sequence[tuple[int, ValType]],
    keep: bool,
) -> SideTable:
    """``validate_body`` for a signature as ``context`` has them: of tens of thousands of bodies many share one."""
    params, results = signature
    if len(params) + sum(count for count, _ in body_locals) > MAX_LOCALS:
        raise too_much("locals", MAX_LOCALS, start)
    local_types = list(params)
    without_default = False
    for count, each in body_locals:
        value = context.value_type(each, start)
        local_types += [value] * count
        without_default |= isinstance(value, RefType) and not value.nullable
    checker = Checker(context, RULES, local_types, results, len(params))
    try:
        return _validate(buf, start, end, checker, without_default, keep)
    except IndexError as error:
        decode(buf, start, end)  # an operand beyond the buffer: tells where
        raise InternalError(f"validation read outside the body at 0x{checker.offset:x}") from error
    except WasmError:
        decode(buf, start, end)  # bytes that are no expression come first, whatever else is wrong with them
        raise


def _validate(buf: Buffer, start: int, end: int, checker: Checker, without_default: bool, keep: bool) -> SideTable:
    context = checker.context
    stack, frames, ends, local_types = checker.stack, checker.frames, checker.ends, checker.locals
    local_count = len(local_types)
    signatures, global_types = context.signatures, context.globals
    instrs: list[Any] = []
    heights: list[int] = []
    append, note, push, pop, pop_frame = instrs.append, heights.append, stack.append, stack.pop, frames.pop
    ops, first, second, result, aligns = OPS, _FIRST, _SECOND, _RESULT, _ALIGNS
    (
        _, LOCAL_GET, CONST, BINARY, LOCAL_SET, LOCAL_TEE, LOAD, STORE, END, BLOCK, BR_IF, CALL,
        UNARY, BR, GLOBAL_GET, GLOBAL_SET, DROP, SELECT, UNREACHABLE, FLOAT,
    ) = range(len(_ACTIONS))  # fmt: skip
    i32 = I32
    memory32 = bool(context.memories) and context.memories[0].limits.address is i32
    live, dead = _LIVE if memory32 else _LIVE_WITHOUT_MEMORY, _DEAD
    if without_default:  # which locals have a value depends on the way to a place: the rules know
        live = dead = _BY_RULES
    actions = live
    height = 0  # of the stack outside the innermost block
    pos = start
    while pos < end:
        code = buf[pos]
        action = actions[code]
        if keep:
            note(len(stack))
        if action == LOCAL_GET:
            index = buf[pos + 1]
            if index < 0x80:
                if index < local_count:
                    push(local_types[index])
                    if keep:
                        append((pos, ops[code], _UNSIGNED[index]))
                    pos += 2
                    continue
            else:
                high = buf[pos + 2]
                index = index & 0x7F | high << 7
                if 0 < high < 0x80 and index < local_count:
                    push(local_types[index])
                    if keep:
                        append((pos, ops[code], (index,)))
                    pos += 3
                    continue
        elif action == CONST:
            byte = buf[pos + 1]
            if byte < 0x80:
                push(result[code])
                if keep:
                    append((pos, ops[code], _SIGNED[byte]))
                pos += 2
                continue
            # Up to four bytes hold 28 bits: nothing can be wrong with them.
            after = pos + 3 if buf[pos + 2] < 0x80 else pos + 4 if buf[pos + 3] < 0x80 else pos + 5
            if buf[after - 1] < 0x80:
                push(result[code])
                if keep:
                    append((pos, ops[code], (read_s32(buf, pos + 1, end)[0],)))
                pos = after
                continue
            if code == _I64_CONST:
                # Up to nine bytes hold 63 bits.
                while buf[after] >= 0x80:
                    after += 1
                after += 1
                if after - pos <= 10:
                    push(result[code])
                    if keep:
                        append((pos, ops[code], (read_s64(buf, pos + 1, end)[0],)))
                    pos = after
                    continue
        elif action == BINARY:
            if len(stack) - 2 >= height and stack[-1] is second[code] and stack[-2] is first[code]:
                pop()
                stack[-1] = result[code]
                if keep:
                    append((pos, ops[code], ()))
                pos += 1
                continue
        elif LOCAL_SET <= action <= LOCAL_TEE:
            index = buf[pos + 1]
            after = pos + 2
            if index >= 0x80:
                high = buf[after]
                index = index & 0x7F | high << 7 if 0 < high < 0x80 else local_count
                after += 1
            if index < local_count and len(stack) > height and stack[-1] is local_types[index]:
                if action == LOCAL_SET:
                    pop()
                if keep:
                    append((pos, ops[code], (index,)))
                pos = after
                continue
        elif action == LOAD:
            align = buf[pos + 1]
            offset = buf[pos + 2]
            if align < aligns[code] and len(stack) > height and stack[-1] is i32:
                high = 1 if offset < 0x80 else buf[pos + 3]
                if 0 < high < 0x80:
                    stack[-1] = result[code]
                    if offset < 0x80:
                        if keep:
                            append((pos, ops[code], _MEMARGS[align][offset]))
                        pos += 3
                        continue
                    if keep:
                        append((pos, ops[code], (MemArg(align, offset & 0x7F | high << 7),)))
                    pos += 4
                    continue
        elif action == STORE:
            align = buf[pos + 1]
            offset = buf[pos + 2]
            if align < aligns[code] and len(stack) - 2 >= height and stack[-1] is second[code] and stack[-2] is i32:
                high = 1 if offset < 0x80 else buf[pos + 3]
                if 0 < high < 0x80:
                    pop()
                    pop()
                    if offset < 0x80:
                        if keep:
                            append((pos, ops[code], _MEMARGS[align][offset]))
                        pos += 3
                        continue
                    if keep:
                        append((pos, ops[code], (MemArg(align, offset & 0x7F | high << 7),)))
                    pos += 4
                    continue
        elif action == END:
            frame = frames[-1]
            results = frame.results
            if frame.part is _IF:  # without `else` the parameters are the results
                fits = not frame.params and not results and len(stack) == height
            else:
                fits = stack[height:] == results if len(stack) > height else frame.polymorphic or not results
            if fits:
                if len(stack) == height:
                    stack += results
                if keep:
                    append((pos, ops[code], ()))
                    ends[frame.index] = len(heights) - 1
                    if frame.dead:
                        heights[-1] = -1
                pop_frame()
                pos += 1
                if not frames:
                    break
                frame = frames[-1]
                height = frame.height
                actions = dead if frame.dead else live
                continue
        elif action == BLOCK:
            byte = buf[pos + 1]
            signature = _SIMPLE_SIGNATURES.get(byte)
            if signature is not None and (code != _IF_CODE or (len(stack) > height and stack[-1] is i32)):
                if code == _IF_CODE:
                    pop()
                if keep:
                    append((pos, ops[code], _SIMPLE_BLOCKS[byte]))
                height = len(stack)
                frames.append(Frame(ops[code], len(heights) - 1, signature, code == _LOOP_CODE, height, 0))
                pos += 2
                continue
        elif action == BR_IF:
            depth = buf[pos + 1]
            after = pos + 2
            if depth >= 0x80:
                high = buf[after]
                depth = depth & 0x7F | high << 7 if 0 < high < 0x80 else len(frames)
                after += 1
            if depth < len(frames) and len(stack) > height and stack[-1] is i32 and not frames[-1 - depth].label:
                pop()
                if keep:
                    append((pos, ops[code], (depth,)))
                pos = after
                continue
        elif action == CALL:
            index = buf[pos + 1]
            after = pos + 2
            if index >= 0x80:
                high = buf[after]
                after += 1
                index = index & 0x7F | (high & 0x7F) << 7
                if high >= 0x80:
                    high = buf[after]
                    after += 1
                    index |= high << 14
                if high == 0 or high >= 0x80:
                    index = len(signatures)
            if index < len(signatures):
                params, results = signatures[index]
                base = len(stack) - len(params)
                if base >= height and stack[base:] == params and base < MAX_STACK:
                    stack[base:] = results
                    if keep:
                        append((pos, ops[code], (index,)))
                    pos = after
                    continue
        elif action == UNARY:
            if len(stack) > height and stack[-1] is first[code]:
                stack[-1] = result[code]
                if keep:
                    append((pos, ops[code], ()))
                pos += 1
                continue
        elif action == BR:
            depth = buf[pos + 1]
            after = pos + 2
            if depth >= 0x80:
                high = buf[after]
                depth = depth & 0x7F | high << 7 if 0 < high < 0x80 else len(frames)
                after += 1
            if depth < len(frames):
                label = frames[-1 - depth].label
                base = len(stack) - len(label)
                if base >= height and stack[base:] == label:
                    del stack[height:]
                    if keep:
                        append((pos, ops[code], (depth,)))
                    frame = frames[-1]
                    frame.polymorphic = frame.dead = True
                    actions = dead
                    pos = after
                    continue
        elif action == GLOBAL_GET:
            index = buf[pos + 1]
            if index < 0x80 and index < len(global_types):
                push(global_types[index].value)
                if keep:
                    append((pos, ops[code], _UNSIGNED[index]))
                pos += 2
                continue
        elif action == GLOBAL_SET:
            index = buf[pos + 1]
            if index < 0x80 and index < len(global_types) and len(stack) > height:
                item = global_types[index]
                if item.mutable and stack[-1] is item.value:
                    pop()
                    if keep:
                        append((pos, ops[code], _UNSIGNED[index]))
                    pos += 2
                    continue
        elif action == FLOAT:
            after = pos + 1 + _SIZES[code]
            if after <= end:
                push(result[code])
                if keep:
                    append((pos, ops[code], (int.from_bytes(buf[pos + 1 : after], "little"),)))
                pos = after
                continue
        elif action == DROP:
            if len(stack) > height:
                pop()
                if keep:
                    append((pos, ops[code], ()))
                pos += 1
                continue
        elif action == SELECT:
            if len(stack) - 3 >= height and stack[-1] is i32 and stack[-2] is stack[-3] and stack[-2] in _NUMBERS:
                del stack[-2:]
                if keep:
                    append((pos, ops[code], ()))
                pos += 1
                continue
        elif action == UNREACHABLE:
            del stack[height:]
            if keep:
                append((pos, ops[code], ()))
            frame = frames[-1]
            frame.polymorphic = frame.dead = True
            actions = dead
            pos += 1
            continue
        # By the table and the rules.
        op, operands, after = read_instr(buf, pos, end)
        checker.offset = pos
        checker.index = len(heights) - 1
        if keep:
            append((pos, op, operands))
            if frames[-1].dead:
                heights[-1] = -1
        checker.step(op, operands)
        pos = after
        if not frames:
            break
        frame = frames[-1]
        height = frame.height
        actions = dead if frame.dead else live
    if pos > end:
        raise unexpected_end_of_section_or_function(end)
    if frames:
        raise missing_end(buf, end)
    if pos < end:
        raise section_size_mismatch(pos)
    if not keep:
        return SideTable([], array("i"), {}, {}, 0)
    ends.pop(-1, None)
    return SideTable(instrs, array("i", heights), ends, checker.elses, max(heights))
