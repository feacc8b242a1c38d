"""Code made wrong, one instruction or a few at a time: in new wrappers and in code that should not have changed.

Each maker takes the instructions of one function and gives other ones that still validate, as far as one can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.wrong.rights import Right
from tests.wrong.surgery import Code, Line, Patient, line
from tests.wrong.wrong import Wrong, damaged
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.isa.types import func_type
from wasmrewrite.model import Body, Func

Change = Callable[[Code], Iterator[Code]]

LOADS: Mapping[str, tuple[str, ...]] = {
    "i32.load": ("i32.load16_u", "i32.load8_u"),
    "i64.load": ("i64.load32_u", "i64.load32_s"),
    "i32.load8_u": ("i32.load8_s", "i32.load"),
    "i32.load8_s": ("i32.load8_u", "i32.load16_s"),
    "i32.load16_u": ("i32.load16_s", "i32.load8_u"),
    "i32.load16_s": ("i32.load16_u", "i32.load"),
}
"""Loads of another width or extension, with the same type of result."""
STORES: Mapping[str, tuple[str, ...]] = {
    "i32.store": ("i32.store16", "i32.store8"),
    "i64.store": ("i64.store32", "i64.store16"),
    "i32.store8": ("i32.store", "i32.store16"),
    "i32.store16": ("i32.store", "i32.store8"),
}
"""Stores of another width: narrower ones lose bytes, wider ones clobber neighbours."""
OPERATORS: Mapping[str, str] = {
    "i32.add": "i32.sub",
    "i32.sub": "i32.add",
    "i64.add": "i64.sub",
    "i64.sub": "i64.add",
    "i32.mul": "i32.add",
    "i64.mul": "i64.add",
    "i32.and": "i32.or",
    "i32.shl": "i32.shr_u",
    "i64.extend_i32_u": "i64.extend_i32_s",
    "i64.extend_i32_s": "i64.extend_i32_u",
    "f64.add": "f64.sub",
    "f64.mul": "f64.add",
    "f32.mul": "f32.add",
    "i32.lt_u": "i32.gt_u",
    "i32.eqz": "i32.popcnt",
    "i64.xor": "i64.or",
}
"""Operators of the same type that do something else."""


def _name(each: Line) -> str:
    return each[0].name


def _one(code: Code, at: int, *new: Line, count: int = 1) -> Code:
    return [*code[:at], *new, *code[at + count :]]


def _accesses(code: Code, kind: str) -> list[int]:
    return [at for at, each in enumerate(code) if f".{kind}" in _name(each)]


def _moved(code: Code, kind: str, by: int) -> Iterator[Code]:
    for at in _accesses(code, kind):
        op, (memarg, *rest) = code[at]
        offset = memarg.offset + by
        if offset >= 0:
            align = memarg.align if by % (1 << memarg.align) == 0 else 0
            yield _one(code, at, (op, (memarg._replace(offset=offset, align=align), *rest)))


def load_off_by_one(code: Code) -> Iterator[Code]:
    yield from _moved(code, "load", 1)


def load_off_by_eight(code: Code) -> Iterator[Code]:
    yield from _moved(code, "load", 8)


def store_off_by_one(code: Code) -> Iterator[Code]:
    yield from _moved(code, "store", 1)


def store_off_by_eight(code: Code) -> Iterator[Code]:
    yield from _moved(code, "store", 8)


def _exchanged(code: Code, table: Mapping[str, tuple[str, ...]]) -> Iterator[Code]:
    for at, (op, operands) in enumerate(code):
        for name in table.get(op.name, ()):
            memarg, *rest = operands
            yield _one(code, at, (BY_NAME[name], (memarg._replace(align=0), *rest)))


def other_load(code: Code) -> Iterator[Code]:
    yield from _exchanged(code, LOADS)


def other_store(code: Code) -> Iterator[Code]:
    yield from _exchanged(code, STORES)


def swapped_loads(code: Code) -> Iterator[Code]:
    """The places of two loads of the same kind exchanged."""
    found = _accesses(code, "load")
    for at, other in zip(found, found[1:], strict=False):
        if code[at][0] is code[other][0] and code[at][1] != code[other][1]:
            yield _one(_one(code, at, code[other]), other, code[at])


def swapped_stores(code: Code) -> Iterator[Code]:
    found = _accesses(code, "store")
    for at, other in zip(found, found[1:], strict=False):
        if code[at][0] is code[other][0] and code[at][1] != code[other][1]:
            yield _one(_one(code, at, code[other]), other, code[at])


def _restores(code: Code) -> list[int]:
    """Where the stack pointer gets its old value back: the last writing of a global."""
    found = [at for at, each in enumerate(code) if _name(each) == "global.set"]
    return [at for at in found[1:] if _name(code[at - 1]) == "local.get"]


def no_restore(code: Code) -> Iterator[Code]:
    for at in _restores(code):
        yield _one(code, at - 1, count=2)


def restored_frame(code: Code) -> Iterator[Code]:
    """The lowered stack pointer instead of the saved one."""
    for at in _restores(code):
        tees = [each[1][0] for each in code[:at] if _name(each) == "local.tee"]
        if len(tees) > 1:
            yield _one(code, at - 1, line("local.get", tees[1]))


def restored_by_adding(code: Code) -> Iterator[Code]:
    """Eight bytes too much."""
    for at in _restores(code):
        yield _one(code, at, line("i32.const", 8), line("i32.add"), code[at])


def restored_early(code: Code) -> Iterator[Code]:
    """Before the call: the callee's frame goes over the result."""
    calls = [at for at, each in enumerate(code) if _name(each) == "call"]
    for at in _restores(code)[-1:]:
        moved = code[at - 1 : at + 1]
        rest = _one(code, at - 1, count=2)
        yield [*rest[: calls[0]], *moved, *rest[calls[0] :]]


def _frames(code: Code) -> list[int]:
    return [at for at in range(len(code) - 1) if _name(code[at]) == "i32.const" and _name(code[at + 1]) == "i32.sub"]


def small_frame(code: Code) -> Iterator[Code]:
    for at in _frames(code):
        yield _one(code, at, line("i32.const", code[at][1][0] - 16))


def half_frame(code: Code) -> Iterator[Code]:
    """Neither large enough nor aligned."""
    for at in _frames(code):
        yield _one(code, at, line("i32.const", code[at][1][0] - 8))


def frame_above(code: Code) -> Iterator[Code]:
    for at in _frames(code):
        yield _one(code, at + 1, line("i32.add"))


def no_lowering(code: Code) -> Iterator[Code]:
    """The frame is used, but the stack pointer stays above it."""
    for at, each in enumerate(code[:-1]):
        if _name(each) == "local.tee" and _name(code[at + 1]) == "global.set":
            yield _one(code, at, line("local.set", each[1][0]), count=2)


def no_mask(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) == "i32.and" and _name(code[at - 1]) == "i32.const":
            yield _one(code, at - 1, count=2)


def weak_mask(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) == "i32.and" and _name(code[at - 1]) == "i32.const":
            yield _one(code, at - 1, line("i32.const", code[at - 1][1][0] // 2))


def no_zeroing(code: Code) -> Iterator[Code]:
    """All clearing of the frame left out."""
    kept = list(code)
    for at in reversed(range(2, len(code))):
        if _name(code[at]) == "i64.store" and code[at - 1] == line("i64.const", 0):
            kept = _one(kept, at - 2, count=3)
    if len(kept) < len(code):
        yield kept


def no_call(code: Code) -> Iterator[Code]:
    """A call of a function that takes and returns nothing left out."""
    for at, each in enumerate(code):
        if _name(each) == "call":
            yield _one(code, at)


def called_twice(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) == "call":
            yield _one(code, at, each, each)


def swapped_calls(code: Code) -> Iterator[Code]:
    calls = [at for at, each in enumerate(code) if _name(each) == "call"]
    for at, other in zip(calls, calls[1:], strict=False):
        yield _one(_one(code, at, code[other]), other, code[at])


def constant(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) in ("i32.const", "i64.const"):
            yield _one(code, at, line(_name(each), each[1][0] + 1))


def operator(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) in OPERATORS:
            yield _one(code, at, line(OPERATORS[_name(each)]))


def other_global(code: Code) -> Iterator[Code]:
    for at, (op, operands) in enumerate(code):
        if op.name in ("global.get", "global.set"):
            yield _one(code, at, (op, (operands[0] + 1,)))


def dropped_store(code: Code) -> Iterator[Code]:
    """A store that only takes its operands away."""
    for at in _accesses(code, "store"):
        yield _one(code, at, line("drop"), line("drop"))


def inverted(code: Code) -> Iterator[Code]:
    for at, each in enumerate(code):
        if _name(each) in ("br_if", "if", "select"):
            yield _one(code, at, line("i32.eqz"), each)


def one_more_store(code: Code) -> Iterator[Code]:
    """Something written behind the result."""
    stores = _accesses(code, "store")
    if stores:
        last = max(stores, key=lambda at: code[at][1][0].offset)
        memarg = code[last][1][0]
        yield [*code[:-1], line("local.get", 0), line("i32.const", 77), line("i32.store8", memarg._replace(offset=memarg.offset + 8, align=0)), code[-1]]


# --- makers -----------------------------------------------------------------------------------------------------------

WRAPPER: tuple[Change, ...] = (
    load_off_by_one, load_off_by_eight, other_load, swapped_loads, no_restore, restored_frame, restored_by_adding,
    small_frame, half_frame, frame_above, no_mask, weak_mask,
)  # fmt: skip
UNPROTECTED: tuple[Change, ...] = (restored_early, no_lowering)
"""The callee's own frame may go over the result; callees without one cannot tell."""
SHIM: tuple[Change, ...] = (
    store_off_by_one, store_off_by_eight, other_store, swapped_stores, dropped_store, one_more_store,
)  # fmt: skip
STARTER: tuple[Change, ...] = (no_call, called_twice, swapped_calls)
OLD: tuple[Change, ...] = (
    constant, operator, load_off_by_one, store_off_by_one, store_off_by_eight, swapped_stores, inverted, dropped_store,
)  # fmt: skip
"""Not among them is another width: of a byte that is 0 or 1 with zeros behind it, it shows nowhere."""


def changed(right: Right, index: int, changes: tuple[Change, ...], each: int = 1) -> Iterator[Wrong]:
    """Every change to one function, ``each`` times at most."""
    patient = Patient(right.after)
    code = patient.code(index)
    for change in changes:
        for number, other in enumerate(change(code)):
            if number == each:
                break
            label = f"{index}-{change.__name__}" + (f"-{number + 1}" if number else "")
            yield damaged(right, label, patient.with_code(index, other))


def other_callees(right: Right, index: int) -> Iterator[Wrong]:
    """Another function of the same type called."""
    patient = Patient(right.after)
    code = patient.code(index)
    funcs = patient.module.funcs
    for at, (op, operands) in enumerate(code):
        if op.name != "call":
            continue
        func = funcs[operands[0]]
        for other in range(len(funcs)):
            alike = func_type(funcs[other].type) == func_type(func.type)
            if other not in (operands[0], index) and alike and not _twins(patient, other, operands[0]):
                yield damaged(right, f"{index}-callee-{other}", patient.with_code(index, _one(code, at, line("call", other))))


def _twins(patient: Patient, one: int, other: int) -> bool:
    """Whether compilers left the same code twice."""
    imported = [patient.module.funcs[index].imported for index in (one, other)]
    return not any(imported) and patient.code(one) == patient.code(other)


def swapped_params(right: Right, index: int) -> Iterator[Wrong]:
    """Two arguments of the same type exchanged on their way to the callee."""
    patient = Patient(right.after)
    code = patient.code(index)
    params = func_type(patient.module.funcs[index].type).params
    for at in range(len(code) - 1):
        one, other = code[at : at + 2]
        if _name(one) == _name(other) == "local.get" and max(one[1][0], other[1][0]) < len(params):
            if one != other and params[one[1][0]] == params[other[1][0]]:
                yield damaged(right, f"{index}-swapped_params", patient.with_code(index, _one(code, at, other, one, count=2)))


def exported(right: Right, limit: int = 60) -> list[int]:
    """Defined functions of the output that are exported, short, and were in the input."""
    module = Patient(right.after).module
    new = set(right.new_funcs())
    found = [
        module.funcs.index(each.item)
        for each in module.exports
        if isinstance(each.item, Func) and isinstance(each.item.origin, Body) and len(each.item.origin.expr) <= limit
    ]
    return [index for index in dict.fromkeys(found) if index not in new]


def operands_of(code: Code, space: Space) -> list[tuple[int, int, Any]]:
    """(instruction, operand, value) of every index operand of a space."""
    return [
        (at, place, value)
        for at, (op, operands) in enumerate(code)
        for place, (kind, value) in enumerate(zip(op.operands, operands, strict=True))
        if kind.space is space and isinstance(value, int)
    ]


def not_renumbered(right: Right) -> Iterator[Wrong]:
    """A called function's index as if nothing stood in front of it: one call at a time, where types allow it."""
    patient = Patient(right.after)
    funcs = patient.module.funcs
    for index, func in enumerate(funcs):
        if not isinstance(func.origin, Body) or len(func.origin.expr) > 400:
            continue
        code = patient.code(index)
        for at, place, value in operands_of(code, Space.FUNC):
            if value and value != index and func_type(funcs[value - 1].type) == func_type(funcs[value].type):
                op, operands = code[at]
                other = (op, (*operands[:place], value - 1, *operands[place + 1 :]))
                yield damaged(right, f"{index}-{op.name}-not-renumbered", patient.with_code(index, _one(code, at, other)))


def zeroing(right: Right, index: int) -> Iterator[Wrong]:
    """No clearing, in a wrapper of a function that does not always write everything."""
    yield from changed(right, index, (no_zeroing,))


def missed(right: Right, old: int, new: int) -> Iterator[Wrong]:
    """One call that still names what was redirected, made good for the stack it leaves: results are dropped."""
    patient = Patient(right.after)
    funcs = patient.module.funcs
    maps = next((each.runs for each in right.contract.maps if each.space == "function"), ())
    now = next((run.new + old - run.old for run in maps if run.old <= old < run.old + run.count), old)
    results = len(func_type(funcs[now].type).results)
    for index, func in enumerate(funcs):
        if index == new or not isinstance(func.origin, Body):
            continue
        code = patient.code(index)
        for at, each in enumerate(code):
            if each != line("call", new):
                continue
            drops = [line("drop")] * results
            arguments = len(func_type(funcs[new].type).params) - len(func_type(funcs[now].type).params)
            if arguments == 1 and len(func_type(funcs[now].type).params) == 0:
                other = _one(code, at, line("drop"), line("call", now), *drops)
                yield damaged(right, f"{index}-redirect-missed", patient.with_code(index, other))
                return
