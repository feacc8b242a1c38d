"""The plain way through a body: decode it, and check one instruction after the other.

It decides, raises every error, says where, and keeps what was found out. What fits exactly is done here, anything else
by its rule. Not here: rules (``rules``, ``gc_rules``), the quick way, which only accepts (``fast``).
"""

from __future__ import annotations

from typing import Final

from ...isa.leb import Buffer
from ...isa.table import BY_NAME
from ...kernels.decode import decode
from .checker import FLOOR, MAX_STACK, Checker, Frame
from .recording import Recording
from .steps import (
    BRANCH,
    BRANCH_IF,
    BY_RULES_ONLY,
    CALL,
    CLOSE,
    COMBINE,
    CONSTANT,
    LOAD,
    LOCAL_GET,
    LOCAL_SET,
    LOCAL_TEE,
    OF_ROW,
    OPEN,
    REPLACE,
    STORE,
    UNREACHABLE,
)
from .types import I32, has_default

_IF: Final = BY_NAME["if"]
_LOOP: Final = BY_NAME["loop"]
_WRITES: Final = (LOCAL_SET, LOCAL_TEE)
_ADDRESS_32: Final = 1 << 32


def check(buf: Buffer, start: int, end: int, checker: Checker) -> Recording:
    """Validate ``buf[start:end]``. Raises InvalidError, MalformedError or LimitError, with an absolute offset.

    Bytes that are no expression come first, whatever else is wrong with them.
    """
    instrs = decode(buf, start, end)
    recording = Recording(checker, instrs)
    context, stack, frames, local_types = checker.context, checker.stack, checker.frames, checker.locals
    signatures, local_count, i32 = context.signatures, len(local_types), I32
    heights = recording.heights
    push, pop, note = stack.append, stack.pop, heights.append
    memory32 = context.memories[:1] == bytes((I32,))
    depth = len(frames)
    # Which locals have a value depends on the way to a place: the rules know. Where no execution gets, operands may be
    # anything: the rules know that, too.
    known = all(map(has_default, local_types[checker.params :]))
    live, dead = (OF_ROW, UNREACHABLE) if known else (BY_RULES_ONLY, BY_RULES_ONLY)
    steps = live
    for offset, op, operands in instrs:
        note(len(stack) - depth)
        kind, wanted, given = steps[op]
        if kind == LOCAL_GET:
            index = operands[0]
            if index < local_count:
                push(local_types[index])
                continue
        elif kind == COMBINE:
            if stack[-1] == wanted and stack[-2] == wanted:
                pop()
                stack[-1] = given
                continue
        elif kind == CONSTANT:
            push(given)
            continue
        elif kind == REPLACE:
            if stack[-1] == wanted:
                stack[-1] = given
                continue
        elif kind in _WRITES:
            index = operands[0]
            if index < local_count and stack[-1] == local_types[index]:
                if kind == LOCAL_SET:
                    pop()
                continue
        elif kind == LOAD:
            align, distance, memory = operands[0]
            if memory is None and memory32 and stack[-1] == i32 and align <= wanted and distance < _ADDRESS_32:
                stack[-1] = given
                continue
        elif kind == STORE:
            align, distance, memory = operands[0]
            if memory is None and memory32 and stack[-1] == given and stack[-2] == i32:
                if align <= wanted and distance < _ADDRESS_32:
                    del stack[-2:]
                    continue
        elif kind == OPEN:
            if wanted is not _IF or stack[-1] == i32:
                signature = context.block_type(operands[0], offset)
                if not signature[0]:
                    if wanted is _IF:
                        pop()
                    push(FLOOR)
                    frames.append(Frame(op, len(heights) - 1, signature, wanted is _LOOP, len(stack), 0))
                    depth += 1
                    continue
        elif kind == CLOSE:
            checker.index = len(heights) - 1
            results = frames[-1].results
            if frames[-1].dead:
                heights[-1] = -1
            if checker.closes_exactly():
                depth -= 1
                recording.count(len(results), len(results) if frames else 0)
                steps = dead if frames and frames[-1].dead else live
                continue
        elif kind == BRANCH_IF:
            index = operands[0]
            if index < depth and stack[-1] == i32 and not frames[-1 - index].label:
                pop()
                continue
        elif kind == CALL and operands[0] < len(signatures):
            params, results = signatures[operands[0]]
            base = len(stack) - len(params)
            if stack[base:] == params and base < MAX_STACK:
                stack[base:] = results
                recording.count(len(params), len(results))
                continue
        elif kind == BRANCH and operands[0] < depth:
            label = frames[-1 - operands[0]].label
            if stack[len(stack) - len(label) :] == label:
                checker.stop()
                recording.count(len(label), 0)
                steps = dead
                continue
        checker.offset, checker.index = offset, len(heights) - 1
        recording.begin()
        checker.step(op, operands)
        recording.measure()
        depth = len(frames)
        steps = dead if frames and frames[-1].dead else live
    return recording
