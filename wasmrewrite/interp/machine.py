"""The machine: one loop that runs flat code on frames of its own, so that calls never recurse in Python.

Not here: what numbers do (``semantics``), how flat code comes about (``compile``), what its kinds mean (``flat``).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Final

from ..errors import Exhaustion, Position, Trap
from ..isa.immediates import Space
from ..isa.types import is_key_subtype
from ..runtime.host import Caller
from ..runtime.instances import FuncInst, HostFunc, ModuleInst
from ..runtime.traps import (
    call_stack_exhausted,
    fuel_exhausted,
    indirect_call_type_mismatch,
    null_function_reference,
    out_of_bounds_memory_access,
    undefined_element,
    uninitialized_element,
)
from ..runtime.values import Value, inward, outward
from . import flat
from .flat import Code

_LISTS: Final = {
    Space.FUNC: "funcs",
    Space.TABLE: "tables",
    Space.MEMORY: "memories",
    Space.ELEM: "elems",
    Space.DATA: "datas",
}


class _Outside:
    """Stands below the first frame in place of a function: what that one returns to stops the machine."""

    __slots__ = ("module",)
    code: Final = Code([(flat.STOP, 0, None, 0, 0, 0)], [], array("Q", [0]), array("Q", [0]), 0, frozenset())

    def __init__(self, module: ModuleInst) -> None:
        self.module = module


def run(func: FuncInst, args: Sequence[Value]) -> list[Value]:
    """Call a function with values from the border.

    Raises ``Trap`` with function and offset, what hosts raise, and ValueError if the number of arguments is wrong.
    """
    if len(args) != len(func.type.params):
        raise ValueError(f"{func} takes {len(func.type.params)} argument(s), not {len(args)}")
    store = func.module.store
    if store.nesting_left <= 0:
        store.refusals += 1
        raise call_stack_exhausted()
    depth = store.depth_left
    store.nesting_left -= 1
    try:
        return outward(func.type.results, _run(func, inward(func.type.params, args)))
    except Exhaustion:
        store.refusals += 1
        raise
    finally:
        store.nesting_left += 1
        store.depth_left = depth


def _call_host(func: HostFunc, args: Sequence[Any], module: ModuleInst) -> list[Any]:
    caller = Caller(module) if func.caller else None
    return inward(func.type.results, func.invoke(outward(func.type.params, args), caller))


def _items(module: ModuleInst, places: Sequence[tuple[Space, int]]) -> list[Any]:
    return [getattr(module, _LISTS[space])[index] for space, index in places]


def _stopped(trap: Trap, func: Any, pc: int, frames: Sequence[tuple[Any, int, list[Any], int]]) -> int:
    """Say where ``trap`` happened; the instructions that the open calls have executed and not yet paid for."""
    at = max(pc - 1, 0)
    if trap.position.offset is None:
        trap.position = Position(func.code.offsets[at], (str(func),))
    unpaid: int = func.code.counts[at]
    for waiting, resume, _, _ in frames[1:]:
        unpaid += waiting.code.counts[resume - 1]
    return unpaid


def _run(func: Any, args: Sequence[Any]) -> list[Any]:
    module: ModuleInst = func.module
    store = module.store
    fuel, depth = store.fuel_left, store.depth_left
    code: Code = func.code or module.engine.prepare(func)
    depth -= code.weight
    if depth < 0:
        raise call_stack_exhausted()
    returned: list[Any] = [None] * len(func.type.results)
    frames: list[tuple[Any, int, list[Any], int]] = [(_Outside(module), 0, returned, 0)]  # function, pc, registers, d
    instrs = code.instrs
    regs: list[Any] = [*args, *code.template]
    pc = 0
    funcs, tables, globals_, memories = module.funcs, module.tables, module.globals, module.memories
    memory: Any = memories[0] if memories else None
    (
        BINARY, MOVE, LOAD, JUMP_IF, JUMP_NONZERO, JUMP_ZERO, STORE, UNARY, JUMP, JUMP_UNLESS, _TEST,
        CALL, RETURN, GLOBAL_GET, GLOBAL_SET, SELECT, JUMP_TABLE, RETURN_ALL, RESOLVE, CALL_VALUE, ITEMS,
        MOVE_ALL, LOAD_AT, STORE_AT, _TAIL_CALL, TAIL_VALUE, MARK, _STOP,
    ) = range(len(flat.KINDS))  # fmt: skip
    try:
        while True:
            kind, d, f, a, b, c = instrs[pc]
            pc += 1
            if kind < CALL:
                if kind == BINARY:
                    regs[d] = f(regs[a], regs[b])
                elif kind == MOVE:
                    regs[d] = regs[a]
                elif kind == LOAD:
                    address = regs[a] + b
                    if address + c > memory.size:
                        raise out_of_bounds_memory_access()
                    regs[d] = f(memory.data, address)[0]
                elif kind == JUMP_IF:
                    if f(regs[a], regs[b]):
                        pc = d
                        fuel -= c
                        if fuel < 0:
                            raise fuel_exhausted()
                elif kind == JUMP_NONZERO:
                    if regs[a]:
                        pc = d
                        fuel -= c
                        if fuel < 0:
                            raise fuel_exhausted()
                elif kind == JUMP_ZERO:
                    if not regs[a]:
                        pc = d
                        fuel -= c
                        if fuel < 0:
                            raise fuel_exhausted()
                elif kind == STORE:
                    address = regs[a] + b
                    if address + c > memory.size:
                        raise out_of_bounds_memory_access()
                    f(memory.data, address, regs[d])
                elif kind == UNARY:
                    regs[d] = f(regs[a])
                elif kind == JUMP:
                    pc = d
                    fuel -= c
                    if fuel < 0:
                        raise fuel_exhausted()
                elif kind == JUMP_UNLESS:
                    if not f(regs[a], regs[b]):
                        pc = d
                        fuel -= c
                        if fuel < 0:
                            raise fuel_exhausted()
                else:  # TEST
                    regs[d] = 1 if f(regs[a], regs[b]) else 0
            elif kind == RETURN:
                value = regs[a]
                depth += func.code.weight
                fuel -= c
                if fuel < 0:
                    raise fuel_exhausted()
                func, pc, regs, d = frames.pop()
                regs[d] = value
                instrs = func.code.instrs
                if func.module is not module:
                    module = func.module
                    funcs, tables, globals_, memories = module.funcs, module.tables, module.globals, module.memories
                    memory = memories[0] if memories else None
            elif kind == GLOBAL_GET:
                regs[d] = globals_[a].raw
            elif kind == GLOBAL_SET:
                globals_[a].raw = regs[b]
            elif kind == SELECT:
                regs[d] = regs[a] if regs[c] else regs[b]
            elif kind == JUMP_TABLE:
                at = regs[a]
                pc, c = f[at] if at < b else f[b]
                fuel -= c
                if fuel < 0:
                    raise fuel_exhausted()
            elif kind == RETURN_ALL:
                values = f(regs)
                depth += func.code.weight
                fuel -= c
                if fuel < 0:
                    raise fuel_exhausted()
                func, pc, regs, d = frames.pop()
                regs[d : d + len(values)] = values
                instrs = func.code.instrs
                if func.module is not module:
                    module = func.module
                    funcs, tables, globals_, memories = module.funcs, module.tables, module.globals, module.memories
                    memory = memories[0] if memories else None
            elif kind == RESOLVE:
                at = regs[a]
                elements = tables[b].elements
                if at >= len(elements):
                    raise undefined_element(at)
                callee = elements[at]
                if callee is None:
                    raise uninitialized_element(at)
                if callee.key is not module.types[c] and not is_key_subtype(callee.key, module.types[c]):
                    raise indirect_call_type_mismatch()
                regs[d] = callee
            elif kind == ITEMS:
                values = [*_items(module, a), *b(regs)]
                if c is not None:
                    fuel -= c(*values)
                    if fuel < 0:
                        raise fuel_exhausted()
                value = f(*values)
                if d >= 0:
                    regs[d] = value
            elif kind == MOVE_ALL:
                values = f(regs)
                regs[d : d + len(values)] = values
            elif kind == LOAD_AT:
                address = regs[a] + b
                size, which = c
                if address + size > memories[which].size:
                    raise out_of_bounds_memory_access()
                regs[d] = f(memories[which].data, address)[0]
            elif kind == STORE_AT:
                address = regs[a] + b
                size, which = c
                if address + size > memories[which].size:
                    raise out_of_bounds_memory_access()
                f(memories[which].data, address, regs[d])
            elif kind == MARK:
                module.covered.add(d)
            elif kind == _STOP:
                break
            else:  # the calls
                callee = regs[a] if kind in (CALL_VALUE, TAIL_VALUE) else funcs[a]
                if callee is None:
                    raise null_function_reference()
                values = f(regs)
                if isinstance(callee, HostFunc):
                    store.fuel_left, store.depth_left = fuel, depth
                    values = _call_host(callee, values, module)
                    fuel = store.fuel_left
                    if kind in (CALL, CALL_VALUE):
                        regs[d : d + len(values)] = values
                        continue
                    depth += func.code.weight
                    fuel -= c
                    if fuel < 0:
                        raise fuel_exhausted()
                    func, pc, regs, d = frames.pop()
                    regs[d : d + len(values)] = values
                    instrs = func.code.instrs
                else:
                    code = callee.code or callee.module.engine.prepare(callee)
                    if kind in (CALL, CALL_VALUE):
                        frames.append((func, pc, regs, d))
                    else:
                        depth += func.code.weight
                        fuel -= c
                        if fuel < 0:
                            raise fuel_exhausted()
                    depth -= code.weight
                    if depth < 0:
                        raise call_stack_exhausted()
                    func = callee
                    instrs = code.instrs
                    regs = [*values, *code.template]
                    pc = 0
                if func.module is not module:
                    module = func.module
                    funcs, tables, globals_, memories = module.funcs, module.tables, module.globals, module.memories
                    memory = memories[0] if memories else None
    except Trap as trap:
        fuel -= _stopped(trap, func, pc, frames)
        raise
    finally:
        store.fuel_left = fuel
    return returned
