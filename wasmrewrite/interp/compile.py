"""From a validated body to flat code, in one walk over its instructions.

The operand stack exists only here. ``local.get`` and constants push a register and emit nothing; a result that goes
straight into a local is computed there; a comparison that decides a branch becomes one instruction with it. What
several ways to a label must agree on is put into its slots first. What no execution reaches is left out.

Not here: registers and jumps (``assembler``), what instructions mean (``semantics``), running them (``machine``),
whether they are valid (``validate``).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Any, Final, NoReturn, TypeAlias

from ..errors import LimitError, Position
from ..isa.immediates import F32_CONST, F64_CONST, I32_CONST, I64_CONST, MemArg
from ..isa.op import Op
from ..isa.signature import Custom, Signature
from ..isa.table import BY_NAME, ROWS
from ..isa.types import FuncType, ValType
from ..runtime.traps import unreachable
from ..runtime.values import f64_of_bits, zero
from ..validate import ModuleContext, SideTable
from . import flat, semantics
from .assembler import Assembler, Label
from .flat import Code, fetch
from .semantics.integer import eqz

_MANY: Final = 16  # operands worth settling before a branch that carries them off, for there may be more such branches
_ELSE: Final = BY_NAME["else"]
_END: Final = BY_NAME["end"]


class Block:
    """An open block: its label, how many operands are below it, and how many it takes, leaves, and a branch carries."""

    __slots__ = ("arity", "height", "label", "opener", "otherwise", "params", "results")

    def __init__(self, opener: int, height: int, params: int, results: int, loop: bool = False) -> None:
        self.opener = opener
        self.height = height
        self.params = params
        self.results = results
        self.arity = params if loop else results
        self.label = Label()
        self.otherwise: Label | None = None  # where an ``if`` goes when its condition does not hold


class Compiler:
    """Compiles one body; an instruction's handler gets the compiler and the operands."""

    def __init__(self, context: ModuleContext, side: SideTable, type: FuncType, code: Assembler) -> None:
        self.context = context
        self.side = side
        self.code = code
        self.at = 0  # the number of the instruction at hand
        self.reachable = True
        self.function = Block(-1, 0, 0, len(type.results))
        self.blocks = [self.function]

    def compile(self) -> Code:
        """Walk over the body once."""
        code, instrs, handlers = self.code, self.side.instrs(), _HANDLERS
        while self.blocks:
            offset, op, operands = instrs[self.at]
            code.offset = offset
            if op is not _ELSE and op is not _END:
                code.count += 1
                if code.marking:
                    code.mark()
            handlers[op](self, *operands)
            self.at = self.at + 1 if self.reachable or not self.blocks else self._next_reachable()
        return code.code()

    def _next_reachable(self) -> int:
        """From behind a branch to the divider or end of the block at hand."""
        block = self.blocks[-1]
        if block.opener < 0:
            return len(self.side) - 1
        return (self.side.ends if block.otherwise is None else self.side.parts)[block.opener]

    # --- blocks -----------------------------------------------------------------------------------------------------

    def open(self, block_type: Any, loop: bool = False) -> Block:
        """Open a block; its parameters are on the stack."""
        params, results = self.context.block_type(block_type)
        self.code.settle_locals()
        block = Block(self.at, len(self.code.stack) - len(params), len(params), len(results), loop)
        self.blocks.append(block)
        if loop:
            self.code.settle(block.height)
            self.code.bind(block.label)
        return block

    def divide(self) -> None:
        """``else``: the end of the first part."""
        block = self.blocks[-1]
        if self.reachable:
            self.code.settle(block.height)
            self.code.jump(block.label)
        if block.otherwise is not None:
            self.code.bind(block.otherwise)
            block.otherwise = None
        self.code.truncate(block.height)
        self.code.push_slots(block.params)
        self.reachable = True

    def close(self) -> None:
        """``end``."""
        block = self.blocks.pop()
        if not self.blocks:
            if self.reachable:
                self.leave()
            return
        if block.otherwise is None and not block.label.used:
            return  # nothing meets here
        if self.reachable:
            self.code.settle(block.height)
        self.code.truncate(block.height)
        self.code.push_slots(block.results)
        if block.otherwise is not None:  # no ``else``: the results are the parameters, in their slots already
            self.code.bind(block.otherwise)
        self.code.bind(block.label)
        self.reachable = True

    # --- branches ---------------------------------------------------------------------------------------------------

    def target(self, depth: int) -> Block:
        """The block that a label index names."""
        return self.blocks[-1 - depth]

    def in_place(self, block: Block) -> bool:
        """Whether a branch there needs to move nothing."""
        if block is self.function:
            return False
        return self.code.in_slots(len(self.code.stack) - block.arity, block.height)

    def go(self, block: Block) -> None:
        """Branch to ``block``: carry its operands along, or return."""
        if block is self.function:
            self.leave()
            return
        self.code.move(len(self.code.stack) - block.arity, block.height)
        self.code.jump(block.label)

    def go_if(self, block: Block, condition: tuple[int, int, Any, int, int]) -> None:
        """Branch to ``block`` if the condition holds."""
        if_kind, unless_kind, f, a, b = condition
        start = len(self.code.stack) - block.arity
        if block is not self.function and (start == block.height or block.arity > _MANY):
            self.code.settle(start)
        if self.in_place(block):
            self.code.jump(block.label, if_kind, f, a, b)
            return
        past = Label()
        self.code.jump(past, unless_kind, f, a, b)
        self.go(block)
        self.code.bind(past)

    def leave(self) -> None:
        """Return from the function with the operands on top of the stack."""
        code, results = self.code, self.function.results
        if results == 1:
            code.emit(flat.RETURN, a=code.stack[-1], c=code.count)
        else:
            code.emit(flat.RETURN_ALL, f=fetch(code.stack[len(code.stack) - results :]), c=code.count)

    # --- calls ------------------------------------------------------------------------------------------------------

    def call(self, kind: int, typeidx: int, callee: int) -> None:
        """Call what ``callee`` is: a function index or a register."""
        params, results = self.context.signature(typeidx, self.code.offset)
        args = fetch(self.code.pop_many(len(params)))
        if len(results) == 1:
            self.code.produce(kind, args, callee)
        else:
            self.code.emit(kind, self.code.slot(len(self.code.stack)), args, callee)
            self.code.push_slots(len(results))

    def tail_call(self, kind: int, typeidx: int, callee: int) -> None:
        """Call what ``callee`` is in place of the function at hand."""
        params, _ = self.context.signature(typeidx, self.code.offset)
        args = fetch(self.code.pop_many(len(params)))
        self.code.emit(kind, 0, args, callee, c=self.code.count)
        self.reachable = False

    def resolve(self, typeidx: int, table: int) -> int:
        """The register of the function that an indirect call means; its index is on the stack."""
        self.code.produce(flat.RESOLVE, a=self.code.pop(), b=int(table), c=int(typeidx))
        return self.code.pop()


# --- handlers: control ----------------------------------------------------------------------------------------------


def _nop(_compiler: Compiler) -> None:
    pass


def _unreachable(compiler: Compiler) -> None:
    compiler.code.emit(flat.ITEMS, -1, _trap_unreachable, (), fetch(()), None)
    compiler.reachable = False


def _trap_unreachable() -> NoReturn:
    raise unreachable()


def _block(compiler: Compiler, block_type: Any) -> None:
    compiler.open(block_type)


def _loop(compiler: Compiler, block_type: Any) -> None:
    compiler.open(block_type, loop=True)


def _if(compiler: Compiler, block_type: Any) -> None:
    _, unless_kind, f, a, b = compiler.code.condition(eqz)
    block = compiler.open(block_type)
    # Both parts find the parameters in the same place.
    compiler.code.settle(block.height)
    block.otherwise = Label()
    compiler.code.jump(block.otherwise, unless_kind, f, a, b)


def _br(compiler: Compiler, depth: int) -> None:
    compiler.go(compiler.target(depth))
    compiler.reachable = False


def _br_if(compiler: Compiler, depth: int) -> None:
    compiler.go_if(compiler.target(depth), compiler.code.condition(eqz))


def _br_table(compiler: Compiler, labels: tuple[tuple[int, ...], int]) -> None:
    depths, default = labels
    index = compiler.code.pop()
    entries: list[tuple[int, int]] = []
    compiler.code.emit(flat.JUMP_TABLE, f=entries, a=index, b=len(depths))
    stubs = {
        depth: Label() for depth in dict.fromkeys((*depths, default)) if not compiler.in_place(compiler.target(depth))
    }
    for depth in (*depths, default):
        compiler.code.table_entry(entries, stubs.get(depth) or compiler.target(depth).label)
    for depth, label in stubs.items():
        compiler.code.bind(label)
        compiler.go(compiler.target(depth))
    compiler.reachable = False


def _return(compiler: Compiler) -> None:
    compiler.leave()
    compiler.reachable = False


def _call(compiler: Compiler, func: int) -> None:
    compiler.call(flat.CALL, compiler.context.funcs[func], int(func))


def _call_indirect(compiler: Compiler, typeidx: int, table: int) -> None:
    compiler.call(flat.CALL_VALUE, typeidx, compiler.resolve(typeidx, table))


def _call_ref(compiler: Compiler, typeidx: int) -> None:
    compiler.call(flat.CALL_VALUE, typeidx, compiler.code.pop())


def _return_call(compiler: Compiler, func: int) -> None:
    compiler.tail_call(flat.TAIL_CALL, compiler.context.funcs[func], int(func))


def _return_call_indirect(compiler: Compiler, typeidx: int, table: int) -> None:
    compiler.tail_call(flat.TAIL_VALUE, typeidx, compiler.resolve(typeidx, table))


def _return_call_ref(compiler: Compiler, typeidx: int) -> None:
    compiler.tail_call(flat.TAIL_VALUE, typeidx, compiler.code.pop())


def _br_on_null(compiler: Compiler, depth: int) -> None:
    reference = compiler.code.pop()
    condition = flat.JUMP_IF, flat.JUMP_UNLESS, operator.is_, reference, _null(compiler)
    compiler.go_if(compiler.target(depth), condition)
    _push_again(compiler, reference)


def _br_on_non_null(compiler: Compiler, depth: int) -> None:
    reference = compiler.code.stack[-1]
    condition = flat.JUMP_IF, flat.JUMP_UNLESS, operator.is_not, reference, _null(compiler)
    compiler.go_if(compiler.target(depth), condition)
    compiler.code.pop()


def _push_again(compiler: Compiler, register: int) -> None:
    compiler.code.push(register)


def _null(compiler: Compiler) -> int:
    return compiler.code.constant("null", None)


# --- handlers: variables, references, parametric --------------------------------------------------------------------


def _local_get(compiler: Compiler, local: int) -> None:
    compiler.code.push(int(local))


def _local_set(compiler: Compiler, local: int) -> None:
    compiler.code.set_local(int(local))


def _local_tee(compiler: Compiler, local: int) -> None:
    compiler.code.tee_local(int(local))


def _global_get(compiler: Compiler, index: int) -> None:
    compiler.code.produce(flat.GLOBAL_GET, a=int(index))


def _global_set(compiler: Compiler, index: int) -> None:
    compiler.code.emit(flat.GLOBAL_SET, a=int(index), b=compiler.code.pop())


def _drop(compiler: Compiler) -> None:
    compiler.code.pop()


def _select(compiler: Compiler, _types: Any = None) -> None:
    first, second, condition = compiler.code.pop_many(3)
    compiler.code.produce(flat.SELECT, a=first, b=second, c=condition)


def _ref_null(compiler: Compiler, _heap: Any) -> None:
    compiler.code.push(_null(compiler))


# --- handlers: by shape ---------------------------------------------------------------------------------------------


def _const(convert: Callable[[int], Any], op: Op, compiler: Compiler, value: int) -> None:
    compiler.code.push(compiler.code.constant((op, int(value)), convert(int(value))))


def _unary(f: Any, compiler: Compiler) -> None:
    compiler.code.produce(flat.UNARY, f, compiler.code.pop())


def _binary(kind: int, f: Any, compiler: Compiler) -> None:
    a, b = compiler.code.pop_many(2)
    compiler.code.produce(kind, f, a, b)


def _read(access: tuple[int, Any], compiler: Compiler, memarg: MemArg) -> None:
    size, read = access
    address = compiler.code.pop()
    if memarg.memory:
        compiler.code.produce(flat.LOAD_AT, read, address, int(memarg.offset), (size, int(memarg.memory)))
    else:
        compiler.code.produce(flat.LOAD, read, address, int(memarg.offset), size)


def _write(access: tuple[int, Any], compiler: Compiler, memarg: MemArg) -> None:
    size, write = access
    address, value = compiler.code.pop_many(2)
    if memarg.memory:
        compiler.code.emit(flat.STORE_AT, value, write, address, int(memarg.offset), (size, int(memarg.memory)))
    else:
        compiler.code.emit(flat.STORE, value, write, address, int(memarg.offset), size)


def _items(f: Any, op: Op, compiler: Compiler, *indices: int) -> None:
    places = tuple((kind.space, int(index)) for kind, index in zip(op.operands, indices, strict=True))
    # What has no plain signature among these pushes one reference.
    params, results = (0, 1) if isinstance(op.signature, Custom) else _arity(op.signature)
    args = fetch(compiler.code.pop_many(params))
    charge = semantics.CHARGES.get(op.name)
    if results:
        compiler.code.produce(flat.ITEMS, f, places, args, charge)
    else:
        compiler.code.emit(flat.ITEMS, -1, f, places, args, charge)


def _arity(signature: Signature) -> tuple[int, int]:
    return len(signature.params), len(signature.results)


def _unsupported(op: Op, compiler: Compiler, *_operands: Any) -> None:
    raise LimitError(f"the interpreter does not execute {op.mnemonic}", Position(compiler.code.offset))


Handler: TypeAlias = Callable[..., None]

_CONTROL: Final[dict[str, Handler]] = {
    "unreachable": _unreachable,
    "nop": _nop,
    "block": _block,
    "loop": _loop,
    "if": _if,
    "else": Compiler.divide,
    "end": Compiler.close,
    "br": _br,
    "br_if": _br_if,
    "br_table": _br_table,
    "return": _return,
    "call": _call,
    "call_indirect": _call_indirect,
    "call_ref": _call_ref,
    "return_call": _return_call,
    "return_call_indirect": _return_call_indirect,
    "return_call_ref": _return_call_ref,
    "br_on_null": _br_on_null,
    "br_on_non_null": _br_on_non_null,
    "drop": _drop,
    "select": _select,
    "select t": _select,
    "local.get": _local_get,
    "local.set": _local_set,
    "local.tee": _local_tee,
    "global.get": _global_get,
    "global.set": _global_set,
    "ref.null": _ref_null,
}


def _mask(bits: int) -> Callable[[int], int]:
    mask = (1 << bits) - 1
    return lambda value: value & mask


CONSTANTS: Final = {I32_CONST: _mask(32), I64_CONST: _mask(64), F32_CONST: _mask(32), F64_CONST: f64_of_bits}
"""Kind of operand → a literal as the machine holds it."""


def _handler(op: Op) -> Handler:
    """What compiles ``op``: its own handler, or one for all instructions whose meaning has the same shape."""
    name = op.name
    shapes: Sequence[tuple[Any, Callable[[], Handler]]] = (
        (_CONTROL, lambda: _CONTROL[name]),
        (semantics.UNARY, lambda: partial(_unary, semantics.UNARY[name])),
        (semantics.BINARY, lambda: partial(_binary, flat.BINARY, semantics.BINARY[name])),
        (semantics.TESTS, lambda: partial(_binary, flat.TEST, semantics.TESTS[name])),
        (semantics.READS, lambda: partial(_read, semantics.READS[name])),
        (semantics.WRITES, lambda: partial(_write, semantics.WRITES[name])),
        (semantics.ITEMS, lambda: partial(_items, semantics.ITEMS[name], op)),
    )
    found = next((make() for names, make in shapes if name in names), None)
    if found is not None:
        return found
    constant = CONSTANTS.get(op.operands[0]) if len(op.operands) == 1 else None
    return partial(_unsupported, op) if constant is None else partial(_const, constant, op)


_HANDLERS: Final[dict[Op, Handler]] = {op: _handler(op) for op in ROWS}

EXECUTED: Final = frozenset(op for op, does in _HANDLERS.items() if getattr(does, "func", None) is not _unsupported)
"""Every instruction that the interpreter executes."""


def compile_body(
    context: ModuleContext,
    side: SideTable,
    type: FuncType,
    runs: Sequence[tuple[int, ValType]],
    marking: bool = False,
) -> Code:
    """The flat code of a validated body; ``runs`` are its locals without parameters.

    Raises ``LimitError`` for an instruction outside ``EXECUTED`` that an execution could reach.
    """
    locals_ = chain(map(zero, type.params), *(repeat(zero(each), count) for count, each in runs))
    assembler = Assembler(list(locals_), len(type.params), side.max_height, marking)
    return Compiler(context, side, type, assembler).compile()
