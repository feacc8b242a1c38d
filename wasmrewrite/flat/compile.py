"""From a validated body to flat code, in one walk over its instructions.

The operand stack exists only here. ``local.get`` and constants push a register and emit nothing; a result that goes
straight into a local is computed there; a comparison that decides a branch becomes one instruction with it. What
several ways to a label must agree on is put into its slots first. What no execution reaches is left out.

Not here: registers and jumps (``assembler``), what instructions mean (``meanings``), running them (the engines),
whether they are valid (``validate``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from ..errors import LimitError, Position
from ..isa.immediates import F32_CONST, F64_CONST, I32_CONST, I64_CONST, MemArg, OperandKind
from ..isa.op import Op
from ..isa.table import BY_NAME, BY_NUMBER, ROWS
from ..isa.types import NUMBERS, FuncType, NumType, ValType
from ..meanings import BINARY, ITEMS, OTHERS, READS, TESTS, UNARY, WRITES
from ..validate import ModuleContext, SideTable
from . import code as flat
from .assembler import Assembler, Condition, Label
from .code import Code, Constant
from .operands import BLOCK_TYPES, BLOCKTYPE, NONE, form_of, read

_MANY: Final = 16  # operands worth settling before a branch that carries them off, for there may be more such branches
_NULL: Final[Constant] = (BY_NAME["ref.null"].code, 0)
_NEGATIONS: Final = frozenset({BY_NAME["i32.eqz"].code, BY_NAME["i64.eqz"].code})
_ZERO: Final[dict[NumType, Constant]] = {type: (BY_NAME[f"{type}.const"].code, 0) for type in NUMBERS.values()}


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
        code, side, rows = self.code, self.side, _ROWS
        numbers, offsets, heads, buf = side.ops, side.offsets, side.heads, side.code
        at = 0
        while self.blocks:
            handler, form, counts = rows[numbers[at]]
            code.offset = offset = offsets[at]
            self.at = at
            if counts:
                code.count += 1
                if code.marking:
                    code.mark()
            if not form:
                handler(self)
            elif (byte := buf[offset + heads[at]]) < form:
                handler(self, byte)
            elif form == BLOCKTYPE and byte in BLOCK_TYPES:
                handler(self, BLOCK_TYPES[byte])
            else:
                handler(self, *read(side, at, form, offset + heads[at]))
            at = at + 1 if self.reachable or not self.blocks else self._next_reachable()
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

    def go_if(self, block: Block, condition: Condition) -> None:
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
            code.emit(flat.RETURN_ALL, a=code.pool(code.stack[len(code.stack) - results :]), c=code.count)

    # --- calls ------------------------------------------------------------------------------------------------------

    def call(self, kind: int, typeidx: int, callee: int) -> None:
        """Call what ``callee`` is: a function index or a register."""
        params, results = self.context.signature(typeidx, self.code.offset)
        args = self.code.pool(self.code.pop_many(len(params)))
        if len(results) == 1:
            self.code.produce(kind, args, callee)
        else:
            self.code.emit(kind, self.code.slot(len(self.code.stack)), args, callee)
            self.code.push_slots(len(results))

    def tail_call(self, kind: int, typeidx: int, callee: int) -> None:
        """Call what ``callee`` is in place of the function at hand."""
        params, _ = self.context.signature(typeidx, self.code.offset)
        args = self.code.pool(self.code.pop_many(len(params)))
        self.code.emit(kind, 0, args, callee, c=self.code.count)
        self.reachable = False

    def apply(self, op: Op, operands: Sequence[Any], params: int, results: int) -> None:
        """Any instruction that computes: ``params`` operands are taken off, ``results`` come in their place."""
        code = self.code
        args = code.pool(code.pop_many(params))
        in_code = code.pool([number for each in operands for number in _numbers(each)])
        if results == 1:
            code.produce(flat.APPLY, op.code, args, in_code, 1)
        else:
            code.emit(flat.APPLY, code.slot(len(code.stack)), op.code, args, in_code, results)
            code.push_slots(results)

    def resolve(self, typeidx: int, table: int) -> int:
        """The register of the function that an indirect call means; its index is on the stack."""
        self.code.produce(flat.RESOLVE, a=self.code.pop(), b=int(table), c=int(typeidx))
        return self.code.pop()


# --- handlers: control ----------------------------------------------------------------------------------------------


def _nop(_compiler: Compiler) -> None:
    pass


def _unreachable(compiler: Compiler) -> None:
    compiler.apply(_UNREACHABLE, (), 0, 0)
    compiler.reachable = False


def _block(compiler: Compiler, block_type: Any) -> None:
    compiler.open(block_type)


def _loop(compiler: Compiler, block_type: Any) -> None:
    compiler.open(block_type, loop=True)


def _if(compiler: Compiler, block_type: Any) -> None:
    _, unless_kind, f, a, b = compiler.code.condition(_NEGATIONS)
    block = compiler.open(block_type)
    # Both parts find the parameters in the same place.
    compiler.code.settle(block.height)
    block.otherwise = Label()
    compiler.code.jump(block.otherwise, unless_kind, f, a, b)


def _br(compiler: Compiler, depth: int) -> None:
    compiler.go(compiler.target(depth))
    compiler.reachable = False


def _br_if(compiler: Compiler, depth: int) -> None:
    compiler.go_if(compiler.target(depth), compiler.code.condition(_NEGATIONS))


def _br_table(compiler: Compiler, labels: tuple[tuple[int, ...], int]) -> None:
    depths, default = labels
    index = compiler.code.pop()
    stubs = {
        depth: Label() for depth in dict.fromkeys((*depths, default)) if not compiler.in_place(compiler.target(depth))
    }
    compiler.code.jump_table(index, [stubs.get(depth) or compiler.target(depth).label for depth in (*depths, default)])
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
    compiler.go_if(compiler.target(depth), (flat.JUMP_NULL, flat.JUMP_NON_NULL, 0, reference, 0))
    compiler.code.push(reference)


def _br_on_non_null(compiler: Compiler, depth: int) -> None:
    reference = compiler.code.stack[-1]
    compiler.go_if(compiler.target(depth), (flat.JUMP_NON_NULL, flat.JUMP_NULL, 0, reference, 0))
    compiler.code.pop()


# --- handlers: variables, references, parametric --------------------------------------------------------------------


def _local_get(compiler: Compiler, local: int) -> None:
    compiler.code.push_local(int(local))


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
    compiler.code.push(compiler.code.constant(*_NULL))


# --- handlers: by shape ---------------------------------------------------------------------------------------------


def _const(bits: int, op: Op, compiler: Compiler, value: int) -> None:
    compiler.code.push(compiler.code.constant(op.code, int(value) & (1 << bits) - 1))


def _unary(op: Op, compiler: Compiler) -> None:
    compiler.code.produce(flat.UNARY, op.code, compiler.code.pop())


def _binary(kind: int, op: Op, compiler: Compiler) -> None:
    a, b = compiler.code.pop_many(2)
    compiler.code.produce(kind, op.code, a, b)


def _load(op: Op, size: int, compiler: Compiler, memarg: MemArg) -> None:
    code = compiler.code
    if memarg.memory:
        code.produce(flat.LOAD_AT, op.code, code.pop(), int(memarg.offset), int(memarg.memory))
    else:
        code.produce(flat.LOAD, op.code, code.pop(), int(memarg.offset), size)


def _store(op: Op, size: int, compiler: Compiler, memarg: MemArg) -> None:
    address, value = compiler.code.pop_many(2)
    if memarg.memory:
        compiler.code.emit(flat.STORE_AT, value, op.code, address, int(memarg.offset), int(memarg.memory))
    else:
        compiler.code.emit(flat.STORE, value, op.code, address, int(memarg.offset), size)


def _apply(op: Op, compiler: Compiler, *operands: Any) -> None:
    compiler.apply(op, operands, compiler.side.pops[compiler.at], compiler.side.pushes[compiler.at])


def _numbers(operand: Any) -> Sequence[int]:
    """An operand that stands in the code as integers."""
    if isinstance(operand, MemArg):
        return int(operand.offset), int(operand.memory or 0)
    return (int(operand),)


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


_UNREACHABLE: Final = BY_NAME["unreachable"]
LITERALS: Final[dict[OperandKind, int]] = {I32_CONST: 32, I64_CONST: 64, F32_CONST: 32, F64_CONST: 64}
"""Kind of literal to how many bits it has."""


def _handler(op: Op) -> Handler | None:
    """What compiles ``op``: its own handler, or one for all instructions whose meaning has the same shape."""
    name = op.name
    found = _CONTROL.get(name)
    if found is not None:
        return found
    if name in READS or name in WRITES:
        return partial(_load, op, READS[name][0]) if name in READS else partial(_store, op, WRITES[name][0])
    shapes: Sequence[tuple[Any, Handler]] = (
        (UNARY, _unary),
        (BINARY, partial(_binary, flat.BINARY)),
        (TESTS, partial(_binary, flat.TEST)),
        (OTHERS, _apply),
        (ITEMS, _apply),
    )
    shape = next((handler for names, handler in shapes if name in names), None)
    if shape is not None:
        return partial(shape, op)
    bits = LITERALS.get(op.operands[0]) if len(op.operands) == 1 else None
    return None if bits is None else partial(_const, bits, op)


_KNOWN: Final[dict[Op, Handler]] = {op: handler for op in ROWS if (handler := _handler(op)) is not None}
_HANDLERS: Final[dict[Op, Handler]] = {op: _KNOWN.get(op) or partial(_unsupported, op) for op in ROWS}


def _row(op: Op | None) -> tuple[Handler, int, bool]:
    """What compiles a row, the form of its operands, and whether it counts as an instruction."""
    if op is None:
        return _nop, NONE, False
    return _HANDLERS[op], form_of(op), op.name not in ("else", "end")


_ROWS: Final = tuple(map(_row, BY_NUMBER))
"""By row number."""

EXECUTED: Final = frozenset(_KNOWN)
"""Every instruction that has a form in flat code."""


def _zero(type: ValType) -> Constant:
    """What a local of that type holds at first."""
    return _ZERO[type] if isinstance(type, NumType) else _NULL


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
    locals_ = [(count, *_zero(each)) for count, each in runs]
    assembler = Assembler(len(type.params), locals_, side.max_height, marking)
    return Compiler(context, side, type, assembler).compile()
