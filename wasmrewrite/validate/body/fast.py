"""The quick way through a body: accepts it, or refuses it without saying why.

Frequent instructions, in their short forms and in reachable code, are done here; all others by their rules. A body that
is refused goes to ``plain``, which finds out what is wrong, and where: a compiled validator in place of this has to do
as little. Not here: what is done at which byte (``steps``).
"""

from __future__ import annotations

from typing import Final

from ...isa.leb import Buffer, read_u32
from ...isa.structure import END
from ...isa.table import BY_NAME
from ...kernels.first_byte import read_instr
from .checker import FLOOR, MAX_STACK, Checker, Frame
from .steps import (
    BLOCKS,
    BRANCH,
    BRANCH_IF,
    CALL,
    CLOSE,
    COMBINE,
    CONSTANT,
    DROP,
    FLOAT,
    GLOBAL_GET,
    GLOBAL_SET,
    INDEX,
    LOAD,
    LOCAL_GET,
    LOCAL_SET,
    LOCAL_TEE,
    OPEN,
    REPLACE,
    SELECT,
    STEPS,
    STEPS_WITHOUT_MEMORY,
    STORE,
)
from .types import I32, V128

_IF: Final = BY_NAME["if"]
_LOOP: Final = BY_NAME["loop"]
_END: Final = END.code
_OFFSET: Final = 4  # bytes of an offset that cannot be too large


def accepts(buf: Buffer, pos: int, end: int, checker: Checker) -> bool:
    """Whether ``buf[pos:end]`` is a valid body for certain; all its locals must have default values.

    May raise any WasmError, or IndexError where the buffer ends, instead of refusing.
    """
    context, stack, frames, local_types = checker.context, checker.stack, checker.frames, checker.locals
    signatures, global_types, mutable = context.signatures, context.globals, context.mutable
    local_count, global_count = len(local_types), len(global_types)
    push, pop, i32 = stack.append, stack.pop, I32
    steps = STEPS if context.memories[:1] == bytes((I32,)) else STEPS_WITHOUT_MEMORY
    # Below the operands of each block there is a floor, which equals no type: nobody need count how many there are.
    while pos < end:
        kind, wanted, given = steps[buf[pos]]
        if kind >= INDEX:
            index = buf[pos + 1]
            after = pos + 2
            if index >= 0x80:
                high = buf[after]
                after += 1
                index = index & 0x7F | high << 7
                if not 0 < high < 0x80:
                    index, after = read_u32(buf, pos + 1, end)
            if kind == LOCAL_GET:
                if index < local_count:
                    push(local_types[index])
                    pos = after
                    continue
            elif kind == LOCAL_SET:
                if index < local_count and stack[-1] == local_types[index]:
                    pop()
                    pos = after
                    continue
            elif kind == LOCAL_TEE:
                if index < local_count and stack[-1] == local_types[index]:
                    pos = after
                    continue
            elif kind == LOAD:
                if index <= wanted and stack[-1] == i32:
                    last = after
                    while buf[last] >= 0x80:
                        last += 1
                    if last - after < _OFFSET:
                        stack[-1] = given
                        pos = last + 1
                        continue
            elif kind == STORE:
                if index <= wanted and stack[-1] == given and stack[-2] == i32:
                    last = after
                    while buf[last] >= 0x80:
                        last += 1
                    if last - after < _OFFSET:
                        del stack[-2:]
                        pos = last + 1
                        continue
            elif kind == BRANCH_IF:
                if index < len(frames) and stack[-1] == i32 and not frames[-1 - index].label:
                    pop()
                    pos = after
                    continue
            elif kind == CALL:
                if index < len(signatures):
                    params, results = signatures[index]
                    base = len(stack) - len(params)
                    if stack[base:] == params and base < MAX_STACK:
                        stack[base:] = results
                        pos = after
                        continue
            elif kind == BRANCH:
                if index < len(frames):
                    label = frames[-1 - index].label
                    if stack[len(stack) - len(label) :] == label:
                        checker.stop()
                        pos = _pass_over(buf, after, end, checker)
                        continue
            elif kind == GLOBAL_GET:
                if index < global_count:
                    push(global_types[index])
                    pos = after
                    continue
            elif kind == GLOBAL_SET:
                if index < global_count and mutable[index] and stack[-1] == global_types[index]:
                    pop()
                    pos = after
                    continue
        elif kind == CONSTANT:
            last = pos + 1
            while buf[last] >= 0x80:
                last += 1
            if last - pos <= wanted:
                push(given)
                pos = last + 1
                continue
        elif kind == COMBINE:
            if stack[-1] == wanted and stack[-2] == wanted:
                pop()
                stack[-1] = given
                pos += 1
                continue
        elif kind == REPLACE:
            if stack[-1] == wanted:
                stack[-1] = given
                pos += 1
                continue
        elif kind == CLOSE:
            if checker.closes_exactly():
                pos += 1
                if not frames:
                    break
                if frames[-1].dead:
                    pos = _pass_over(buf, pos, end, checker)
                continue
        elif kind == OPEN:
            signature = BLOCKS.get(buf[pos + 1])
            if signature is not None and (wanted is not _IF or stack[-1] == i32):
                if wanted is _IF:
                    pop()
                push(FLOOR)
                frames.append(Frame(wanted, -1, signature, wanted is _LOOP, len(stack), 0))
                pos += 2
                continue
        elif kind == DROP:
            if stack[-1] != FLOOR:
                pop()
                pos += 1
                continue
        elif kind == SELECT:
            if stack[-1] == i32 and FLOOR < stack[-2] <= V128 and stack[-2] == stack[-3]:
                del stack[-2:]
                pos += 1
                continue
        elif kind == FLOAT:
            push(given)
            pos += 1 + wanted
            continue
        op, operands, pos = read_instr(buf, pos, end)
        checker.step(op, operands)
        if not frames:
            break
        if frames[-1].dead:
            pos = _pass_over(buf, pos, end, checker)
    return not frames and pos == end


def _pass_over(buf: Buffer, pos: int, end: int, checker: Checker) -> int:
    """Through unreachable code, where operands may be anything, to where an execution may get again, or to the end.

    The result is beyond ``end`` if that is not where the body ends.
    """
    frames = checker.frames
    while pos < end and frames and frames[-1].dead:
        if buf[pos] == _END and checker.closes_exactly():
            pos += 1
            continue
        op, operands, pos = read_instr(buf, pos, end)
        checker.step(op, operands)
    return pos if frames or pos == end else end + 1
