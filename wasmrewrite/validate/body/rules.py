"""One rule for each instruction whose types the table cannot say, or that needs a check besides (specification 3.4).

A rule takes the ``Checker`` and the instruction's operands, and raises InvalidError. Not here: structures, arrays and
casts (``gc_rules``), what calls rules (``plain``, ``fast``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...isa.immediates import Space
from ...isa.op import Op
from ...isa.structure import CLOSERS, DIVIDERS
from ...isa.table import BY_NAME
from ...messages import (
    end_opcode_expected,
    immutable,
    invalid,
    invalid_result_arity,
    mismatch,
    requires,
    undeclared_function_reference,
    uninitialized_local,
    unknown_index,
)
from .checker import Checker, Frame, Rule
from .context import Signature, Types
from .gc_rules import GC_RULES
from .types import (
    BOTTOM,
    BOTTOM_REF,
    EXN,
    EXNREF,
    FUNCREF,
    I32,
    is_number,
    is_ref,
    ref,
    show,
    show_all,
    with_null,
)


def _op(name: str) -> Op:
    return BY_NAME[name]


_IF, _ELSE, _END, _LOOP, _TRY, _DELEGATE = map(_op, ("if", "else", "end", "loop", "try", "delegate"))
_CATCH, _CATCH_ALL = _op("catch"), _op("catch_all")


# --- blocks ---------------------------------------------------------------------------------------------------------


def _block(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.enter(_op("block"), checker.context.block_type(operands[0], checker.offset))


def _loop(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.enter(_LOOP, checker.context.block_type(operands[0], checker.offset), loop=True)


def _if(checker: Checker, operands: tuple[Any, ...]) -> None:
    signature = checker.context.block_type(operands[0], checker.offset)
    checker.take([I32])
    checker.enter(_IF, signature)


def _part(checker: Checker, op: Op, allowed: Mapping[Op, frozenset[Op]]) -> Frame:
    """The innermost block, whose current part ``op`` may follow."""
    frame = checker.frames[-1]
    if frame.part not in allowed[op]:
        raise end_opcode_expected(checker.offset)
    return frame


def _divide(checker: Checker, op: Op, frame: Frame, params: Types) -> None:
    checker.divide(op, params)
    frame.part_index = checker.index


def _else(checker: Checker, _operands: tuple[Any, ...]) -> None:
    frame = _part(checker, _ELSE, DIVIDERS)
    _divide(checker, _ELSE, frame, frame.params)


def _end(checker: Checker, _operands: tuple[Any, ...]) -> None:
    frame = checker.frames[-1]
    if frame.part is _IF:  # without `else` the parameters are the results
        checker.divide(_ELSE, frame.params)
    checker.leave()


def _try_table(checker: Checker, operands: tuple[Any, ...]) -> None:
    block_type, catches = operands
    for catch in catches:
        carried = [] if catch.tag is None else list(checker.tag(catch.tag)[0])
        if catch.kind in (1, 3):
            carried.append(ref(EXN, nullable=False))
        label = checker.label(catch.label)
        if len(carried) != len(label) or not all(map(checker.context.matches, carried, label)):
            raise mismatch("catch", checker.offset, show_all(label), show_all(carried))
    checker.enter(_op("try_table"), checker.context.block_type(block_type, checker.offset))


def _try(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.enter(_TRY, checker.context.block_type(operands[0], checker.offset))


def _catch(checker: Checker, operands: tuple[Any, ...]) -> None:
    frame = _part(checker, _CATCH, DIVIDERS)
    _divide(checker, _CATCH, frame, checker.tag(operands[0])[0])


def _catch_all(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _divide(checker, _CATCH_ALL, _part(checker, _CATCH_ALL, DIVIDERS), [])


def _delegate(checker: Checker, operands: tuple[Any, ...]) -> None:
    _part(checker, _DELEGATE, CLOSERS)
    if operands[0] + 1 >= len(checker.frames):  # counted from outside the block that it closes
        raise unknown_index("label", operands[0], checker.offset)
    checker.leave()


def _rethrow(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.label(operands[0])
    if checker.frames[-1 - operands[0]].part not in (_CATCH, _CATCH_ALL):
        raise invalid("rethrow-label", checker.offset)
    checker.stop()


def _throw(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.take(checker.tag(operands[0])[0])
    checker.stop()


def _throw_ref(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.take([EXNREF])
    checker.stop()


# --- branches -------------------------------------------------------------------------------------------------------


def _unreachable(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.stop()


def _br(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.take(checker.label(operands[0]))
    checker.stop()


def _br_if(checker: Checker, operands: tuple[Any, ...]) -> None:
    label = checker.label(operands[0])
    checker.take([I32])
    checker.peek_is(label)


def _br_table(checker: Checker, operands: tuple[Any, ...]) -> None:
    labels, default = operands[0]
    checker.take([I32])
    arity = len(checker.label(default))
    # Types stay on the stack as they are found: each label looks at the same operands.
    seen: set[int] = set()
    for depth in (*labels, default):
        label = checker.label(depth)
        if id(label) in seen:
            continue
        seen.add(id(label))
        if len(label) != arity:
            raise mismatch("labels", checker.offset, show_all(checker.label(default)), show_all(label))
        _can_take(checker, label)
    checker.stop()


def _can_take(checker: Checker, label: Types) -> None:
    """Check operands against a label, and put them back as they were."""
    stack = checker.stack
    found = stack[max(len(stack) - len(label), checker.frames[-1].height) :]
    checker.take(label)
    stack += found


def _return(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.take(checker.results)
    checker.stop()


def _br_on_null(checker: Checker, operands: tuple[Any, ...]) -> None:
    reference = _pop_ref(checker)
    checker.peek_is(checker.label(operands[0]))
    checker.push(with_null(reference, nullable=False))


def _br_on_non_null(checker: Checker, operands: tuple[Any, ...]) -> None:
    label = checker.label(operands[0])
    if not label or not is_ref(label[-1]):
        raise mismatch("label", checker.offset, found=show_all(label), what="br_on_non_null")
    checker.take([with_null(label[-1], nullable=True)])
    checker.peek_is(label[:-1])


# --- calls ----------------------------------------------------------------------------------------------------------


def _call(checker: Checker, operands: tuple[Any, ...]) -> None:
    params, results = checker.func(operands[0])
    checker.take(params)
    checker.push_all(results)


def _indirect(checker: Checker, operands: tuple[Any, ...]) -> Signature:
    typeidx, table = operands
    address = checker.address(Space.TABLE, table)
    element = checker.context.tables[table]
    if not checker.context.matches(element, FUNCREF):
        raise mismatch("callees", checker.offset, show(FUNCREF), show(element))
    signature = checker.context.signature(typeidx, checker.offset)
    checker.take([address])
    return signature


def _call_indirect(checker: Checker, operands: tuple[Any, ...]) -> None:
    params, results = _indirect(checker, operands)
    checker.take(params)
    checker.push_all(results)


def _by_reference(checker: Checker, operands: tuple[Any, ...]) -> Signature:
    signature = checker.context.signature(operands[0], checker.offset)
    checker.take([checker.context.reference(operands[0], nullable=True)])
    return signature


def _call_ref(checker: Checker, operands: tuple[Any, ...]) -> None:
    params, results = _by_reference(checker, operands)
    checker.take(params)
    checker.push_all(results)


def _tail(checker: Checker, signature: Signature) -> None:
    """A call whose results become the caller's."""
    params, results = signature
    wanted = checker.results
    if len(results) != len(wanted) or not all(map(checker.context.matches, results, wanted)):
        raise mismatch("tail-call", checker.offset, show_all(wanted), show_all(results))
    checker.take(params)
    checker.stop()


def _return_call(checker: Checker, operands: tuple[Any, ...]) -> None:
    _tail(checker, checker.func(operands[0]))


def _return_call_indirect(checker: Checker, operands: tuple[Any, ...]) -> None:
    _tail(checker, _indirect(checker, operands))


def _return_call_ref(checker: Checker, operands: tuple[Any, ...]) -> None:
    _tail(checker, _by_reference(checker, operands))


# --- parametric, variables, memory -----------------------------------------------------------------------------------


def _drop(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.pop()


def _select(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.take([I32])
    second, first = checker.pop(), checker.pop()
    if not is_number(first) or not is_number(second):
        raise mismatch("select", checker.offset, found=show_all((first, second)))
    if BOTTOM not in (first, second) and first != second:
        raise requires(show_all((first, first, I32)), show_all((first, second, I32)), checker.offset)
    checker.push(second if first == BOTTOM else first)


def _select_t(checker: Checker, operands: tuple[Any, ...]) -> None:
    if len(operands[0]) != 1:
        raise invalid_result_arity(checker.offset)
    value = checker.context.value_type(operands[0][0], checker.offset)
    checker.take([value, value, I32])
    checker.push(value)


def _local_get(checker: Checker, operands: tuple[Any, ...]) -> None:
    value = checker.local(operands[0])
    if not checker.is_initialized(operands[0]):
        raise uninitialized_local(operands[0], checker.offset)
    checker.push(value)


def _local_set(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.take([checker.local(operands[0])])
    checker.initialize(operands[0])


def _local_tee(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.peek_is([checker.local(operands[0])])
    checker.initialize(operands[0])


def _global_set(checker: Checker, operands: tuple[Any, ...]) -> None:
    index = checker.known(Space.GLOBAL, operands[0])
    if not checker.context.mutable[index]:
        raise immutable("global", checker.offset)
    checker.take([checker.context.globals[index]])


def _memory_init(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.known(Space.MEMORY, operands[1])  # named before a missing segment
    checker.by_signature(_op("memory.init"), operands)


# --- references, tables ---------------------------------------------------------------------------------------------


def _ref_null(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.push(ref(checker.context.heap_type(operands[0], checker.offset), nullable=True))


def _ref_func(checker: Checker, operands: tuple[Any, ...]) -> None:
    index = checker.known(Space.FUNC, operands[0])
    if index not in checker.context.refs:
        raise undeclared_function_reference(index, checker.offset)
    checker.push(checker.context.reference(checker.context.funcs[index], nullable=False))


def _pop_ref(checker: Checker) -> int:
    """Pop a reference of whatever type."""
    found = checker.pop("ref")
    if found == BOTTOM:
        return BOTTOM_REF
    if not is_ref(found):
        raise requires(("ref",), (show(found),), checker.offset)
    return found


def _ref_is_null(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _pop_ref(checker)
    checker.push(I32)


def _ref_as_non_null(checker: Checker, _operands: tuple[Any, ...]) -> None:
    checker.push(with_null(_pop_ref(checker), nullable=False))


def _table_init(checker: Checker, operands: tuple[Any, ...]) -> None:
    elem, table = operands
    checker.known(Space.TABLE, table)
    checker.known(Space.ELEM, elem)
    _elements_match(checker, checker.context.elems[elem], checker.context.tables[table])
    checker.by_signature(_op("table.init"), operands)


def _table_copy(checker: Checker, operands: tuple[Any, ...]) -> None:
    to, source = (checker.known(Space.TABLE, table) for table in operands)
    _elements_match(checker, checker.context.tables[source], checker.context.tables[to])
    checker.by_signature(_op("table.copy"), operands)


def _elements_match(checker: Checker, source: int, target: int) -> None:
    if not checker.context.matches(source, target):
        raise mismatch("table", checker.offset, show(target), show(source))


RULES: Final[Mapping[Op, Rule]] = MappingProxyType(
    {
        _op(name): rule
        for name, rule in {
            "unreachable": _unreachable,
            "block": _block,
            "loop": _loop,
            "if": _if,
            "else": _else,
            "end": _end,
            "br": _br,
            "br_if": _br_if,
            "br_table": _br_table,
            "return": _return,
            "call": _call,
            "call_indirect": _call_indirect,
            "return_call": _return_call,
            "return_call_indirect": _return_call_indirect,
            "call_ref": _call_ref,
            "return_call_ref": _return_call_ref,
            "br_on_null": _br_on_null,
            "br_on_non_null": _br_on_non_null,
            "try_table": _try_table,
            "throw": _throw,
            "throw_ref": _throw_ref,
            "try": _try,
            "catch": _catch,
            "catch_all": _catch_all,
            "delegate": _delegate,
            "rethrow": _rethrow,
            "drop": _drop,
            "select": _select,
            "select t": _select_t,
            "local.get": _local_get,
            "local.set": _local_set,
            "local.tee": _local_tee,
            "global.set": _global_set,
            "ref.null": _ref_null,
            "ref.func": _ref_func,
            "ref.is_null": _ref_is_null,
            "ref.as_non_null": _ref_as_non_null,
            "memory.init": _memory_init,
            "table.init": _table_init,
            "table.copy": _table_copy,
            **GC_RULES,
        }.items()
    }
)
"""The rule of each instruction that has one; the others have a signature in the table."""
