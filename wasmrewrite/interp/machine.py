"""The machine: an activation holds all of its state, and one loop runs it, so that calls never recurse in Python.

Not here: what instructions mean (``meanings``), how flat code comes about (``flat``) and is bound (``bind``).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from ..errors import Exhaustion, Frame, Position, Trap
from ..flat import code as flat
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
from .bind import Bound

_LEAVING: Final = (flat.RETURN, flat.RETURN_ALL, flat.TAIL_CALL, flat.TAIL_VALUE)
_KINDS: Final = tuple(range(len(flat.KINDS)))  # a tuple is taken apart much faster than a range
_TRACED: Final = 64
"""Open calls that a trap remembers, the innermost ones."""


class Outside:
    """Stands below the first frame in place of a function: what that one returns to stops the machine."""

    __slots__ = ("module",)
    code: Final = Bound([(flat.STOP, 0, 0, 0, 0, 0)], [], array("Q", [0]), array("Q", [0]), 0, frozenset())

    def __init__(self, module: ModuleInst) -> None:
        self.module = module


def call(func: FuncInst, args: Sequence[Value]) -> list[Value]:
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
        activation = Activation(func, inward(func.type.params, args))
        _run(activation, 0)
        return outward(func.type.results, activation.results)
    except Exhaustion:
        store.refusals += 1
        raise
    finally:
        store.nesting_left += 1
        store.depth_left = depth


def _call_host(func: HostFunc, args: Sequence[Any], module: ModuleInst) -> list[Any]:
    caller = Caller(module) if func.caller else None
    return inward(func.type.results, func.invoke(outward(func.type.params, args), caller))


class Activation:
    """A call from outside and the calls open within it: all that the machine needs in order to go on.

    ``func`` is about to execute its flat instruction ``pc`` on ``registers``. ``frames`` has what waits below it,
    outermost first: function, where it goes on, its registers, and where in them results go. ``depth`` is what is left
    for more calls; fuel is the store's, which many activations may share. ``results`` are there, as the machine holds
    values, once ``run`` says so.

    Whatever ``run`` raises, the state is that behind the instruction that raised it, and ``run`` may be called again;
    after ``step_back`` it does that instruction anew. ``args`` are as the machine holds values.
    """

    __slots__ = ("depth", "frames", "func", "pc", "registers", "results", "store")

    def __init__(self, func: FuncInst, args: Sequence[Any]) -> None:
        self.store = store = func.module.store
        code: Bound = func.code or func.module.engine.prepare(func)
        self.depth = store.depth_left - code.weight
        if self.depth < 0:
            raise call_stack_exhausted()
        self.results: list[Any] = [None] * len(func.type.results)
        executor: Any = func.module.engine
        outside = executor.outside
        if outside is None:
            outside = executor.outside = Outside(func.module)
        self.frames: list[tuple[Any, int, list[Any], int]] = [(outside, 0, self.results, 0)]
        self.func: Any = func
        self.pc = 0
        self.registers: list[Any] = [*args, *code.template]

    def step_back(self) -> None:
        """Go back to the instruction that raised something: one that waits is done again when its time has come."""
        self.pc -= 1

    def backtrace(self) -> list[Frame]:
        """The open calls, innermost first; each with the offset of the instruction it is at."""
        open_calls = [(self.func, self.pc), *((func, pc) for func, pc, _, _ in reversed(self.frames[1:]))]
        return [Frame(func.index, func.name, func.code.offsets[max(pc - 1, 0)]) for func, pc in open_calls]

    def run(self, until: int = 0) -> bool:
        """Run until all calls have returned, or less than ``until`` of the fuel is left; whether they have returned.

        Fuel is paid at jumps and returns, so it pauses there; what alone costs more than is left down to ``until`` is
        done all the same, or there were no end. Raises ``Trap`` with function and offset, and what hosts raise.
        """
        before, more = self.store.fuel_left, 1
        while not _run(self, until):
            if self.store.fuel_left < before:
                return False
            until, more = max(0, until - more), 2 * more
        return True


def _items(module: ModuleInst, places: Sequence[tuple[str, int]]) -> list[Any]:
    return [getattr(module, name)[index] for name, index in places]


def _stopped(trap: Trap, activation: Activation, func: Any, pc: int) -> int:
    """Say where ``trap`` happened; the instructions that the open calls have executed and not yet paid for."""
    at, frames = max(pc - 1, 0), activation.frames
    if trap.position.offset is None:
        trap.position = Position(func.code.offsets[at], (str(func),))
    activation.func, activation.pc = func, pc
    room = _TRACED - len(trap.frames)
    if room > 0:
        trap.frames = (*trap.frames, *islice(activation.backtrace(), room))
    unpaid: int = func.code.counts[at]
    for waiting, resume, _, _ in frames[1:]:
        unpaid += waiting.code.counts[resume - 1]
    return unpaid


def _run(activation: Activation, until: int) -> bool:
    func, pc, regs, frames = activation.func, activation.pc, activation.registers, activation.frames
    store, depth = activation.store, activation.depth
    fuel = store.fuel_left - until
    module: ModuleInst = func.module
    instrs = func.code.instrs
    funcs, tables, globals_, memories = module.funcs, module.tables, module.globals, module.memories
    memory: Any = memories[0] if memories else None
    kind = c = charge = -1
    callee: Any = None
    values: Sequence[Any] = ()
    (
        BINARY, MOVE, LOAD, JUMP_IF, JUMP_NONZERO, JUMP_ZERO, STORE, UNARY, JUMP, JUMP_UNLESS, _TEST,
        CALL, RETURN, GLOBAL_GET, GLOBAL_SET, SELECT, JUMP_TABLE, RETURN_ALL, RESOLVE, CALL_VALUE, APPLY,
        MOVE_ALL, LOAD_AT, STORE_AT, TAIL_CALL, TAIL_VALUE, JUMP_NULL, JUMP_NON_NULL, MARK, _STOP,
    ) = _KINDS  # fmt: skip
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
            elif kind == APPLY:
                values = [*_items(module, a), *b(regs)] if a else b(regs)
                if c is not None:
                    charge = c(*values)
                    fuel -= charge
                    if fuel < 0:
                        raise fuel_exhausted()
                if d is None:
                    f(*values)
                else:
                    regs[d] = f(*values)
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
            elif kind in (JUMP_NULL, JUMP_NON_NULL):
                if (regs[a] is None) is (kind == JUMP_NULL):
                    pc = d
                    fuel -= c
                    if fuel < 0:
                        raise fuel_exhausted()
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
                    store.fuel_left, store.depth_left = fuel + until, depth
                    values = _call_host(callee, values, module)
                    fuel = store.fuel_left - until
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
        store.fuel_left = fuel + until
        return True
    except BaseException as error:
        paused = isinstance(error, Trap) and fuel < 0 <= fuel + until
        if isinstance(error, Trap) and not paused:
            fuel -= _stopped(error, activation, func, pc)
        # Only ``until`` is reached: what would leave a frame or cost too much is not done yet, jumps are.
        elif paused and kind in _LEAVING and not (kind in (TAIL_CALL, TAIL_VALUE) and isinstance(callee, HostFunc)):
            depth -= func.code.weight
            fuel += c
            pc -= 1
        elif paused and kind in _LEAVING:  # what a host function did cannot be done again
            func, pc, regs, d = frames.pop()
            regs[d : d + len(values)] = values
        elif paused and kind == APPLY:
            fuel += charge
            pc -= 1
        store.fuel_left = fuel + until
        activation.func, activation.pc, activation.registers, activation.depth = func, pc, regs, depth
        if not paused:
            raise
        return False
