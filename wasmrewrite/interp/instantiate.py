"""Instantiation in the order of the specification (4.7.2): imports, definitions, segments, start function.

A trap on the way leaves what was already written to imported memories and tables. Not here: matching imports
(``runtime.link``), calling functions (``machine``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..arguments import expect
from ..contract import Interface
from ..errors import Position, Trap, WasmError
from ..isa.types import F64
from ..meanings.items import memory_init, table_init
from ..model import Data, Elem, Expr, Func, Global, Import, Item, Memory, Module, Table, Tag
from ..runtime.host import Caller
from ..runtime.instances import Extern, FuncInst, GlobalInst, HostFunc, ModuleInst, Segment, TagInst
from ..runtime.link import Imports, declare, resolve, store_of
from ..runtime.memory import MemoryInst
from ..runtime.store import Store
from ..runtime.table import TableInst
from ..runtime.values import bits_of_f64
from .const_expr import evaluate
from .instance import Instance
from .program import Execution, Program


def instantiate(
    module: Module | bytes | Program,
    imports: Imports | None = None,
    store: Store | None = None,
    cover: Collection[int] = (),
    watch: Collection[int] = (),
    interface: Interface | None = None,
) -> Instance:
    """Instantiate a module; its start function, if any, has run when this returns.

    ``store``: without one, that of the imports, else a new one. ``interface``: declared types of imports and exports;
    integers are read as declared, else signed. ``cover``: functions (by index) that note which of their instructions
    are executed. ``watch``: globals (by index) that remember their lowest value from the start. Pass a ``Program`` to
    instantiate the same module often.

    Raises ``MalformedError``, ``InvalidError``, ``LinkError``, ``Trap`` (``Exhaustion`` for limits of the store), and
    what host functions raise; ``ConfigError`` if ``interface`` declares other types than the module has.
    """
    program = module if isinstance(module, Program) else Program(module)
    given = _checked(imports, store, interface)
    made = ModuleInst(store or store_of(program.module.imports, given) or Store(), Execution(program, cover))
    made.types = made.store.intern(program.module.types)
    _Maker(program.module, made, given, interface or Interface()).make()
    instance = Instance(made, program)
    for index in watch:
        instance.watch(index)
    _run_segments(program.module, made)
    start = program.module.start
    if start is not None and start.index0 is not None:
        func = made.funcs[start.index0]
        if isinstance(func, HostFunc):
            func.invoke([], Caller(made))
        else:
            func.invoke([])
    return instance


def _checked(imports: Imports | None, store: Store | None, interface: Interface | None) -> Imports:
    expect(store, (Store, type(None)), "a Store")
    expect(interface, (Interface, type(None)), "an Interface")
    if imports is not None and not isinstance(imports, Mapping):
        raise TypeError(f"expected imports as {{module: {{name: ...}}}}, found {type(imports).__name__}")
    return imports or {}


class _Maker:
    """Fills the index spaces of a module instance."""

    def __init__(self, module: Module, made: ModuleInst, imports: Imports, interface: Interface) -> None:
        self.module = module
        self.made = made
        self.imports = imports
        self.interface = interface

    def make(self) -> None:
        module, made = self.module, self.made
        # All imports are matched before anything is made.
        resolved: dict[Item, Any] = {item: self.imported(item) for item in module.imports}
        made.funcs = [resolved.get(func) or self.func(index, func) for index, func in enumerate(module.funcs)]
        made.memories = [resolved.get(memory) or self.memory(memory) for memory in module.memories]
        made.tags = [resolved.get(tag) or self.tag(tag) for tag in module.tags]
        for item in module.globals:
            made.globals.append(resolved.get(item) or self.global_(item))
        for table in module.tables:
            made.tables.append(resolved.get(table) or self.table(table))
        made.elems = [Segment([self.reference(item) for item in elem.items]) for elem in module.elems]
        made.datas = [Segment(data.data) for data in module.datas]
        made.exports = {export.name: _item_of(made, export.item) for export in module.exports}
        for declared in self.interface.exports:
            declare(made.exports.get(declared.name), declared)

    def imported(self, item: Item) -> Extern:
        name = item.origin
        wanted = (each for each in self.interface.imports if name == Import(each.module or "", each.name))
        return resolve(item, self.imports, self.made.store, next(wanted, None))

    def func(self, index: int, func: Func) -> FuncInst:
        return FuncInst(func.type, self.made, index, _name(func))

    def memory(self, memory: Memory) -> MemoryInst:
        return MemoryInst(self.made.store, memory.type)

    def tag(self, tag: Tag) -> TagInst:
        return TagInst(self.made.store, tag.type)

    def global_(self, item: Global) -> GlobalInst:
        assert isinstance(item.origin, Expr)  # imports were resolved
        value = evaluate(item.origin, self.made)
        bits = bits_of_f64(value) if item.type.value is F64 else value
        return GlobalInst.from_bits(item.type, bits, self.made.store)

    def table(self, table: Table) -> TableInst:
        initial = evaluate(table.origin, self.made) if isinstance(table.origin, Expr) else None
        return TableInst(self.made.store, table.type, initial)

    def reference(self, item: Func | Expr) -> Any:
        return evaluate(item, self.made) if isinstance(item, Expr) else self.made.funcs[_index(item)]


def _run_segments(module: Module, made: ModuleInst) -> None:
    for index, elem in enumerate(module.elems):
        if elem.mode == "active":
            _at(f"elem[{index}]", _run_elem, elem, made)
        if elem.mode != "passive":
            made.elems[index].drop()
    for index, data in enumerate(module.datas):
        if data.mode == "active":
            _at(f"data[{index}]", _run_data, data, made)
            made.datas[index].drop()


def _at(place: str, run: Any, item: Any, made: ModuleInst) -> None:
    try:
        run(item, made)
    except Trap as trap:
        trap.position = Position(item.offset.span[0] if item.offset.span else None, (place,))
        raise


def _run_elem(elem: Elem, made: ModuleInst) -> None:
    assert elem.table is not None
    assert elem.offset is not None
    segment = made.elems[_index(elem)]
    table_init(segment, made.tables[_index(elem.table)], evaluate(elem.offset, made), 0, len(segment.contents))


def _run_data(data: Data, made: ModuleInst) -> None:
    assert data.memory is not None
    assert data.offset is not None
    segment = made.datas[_index(data)]
    memory_init(segment, made.memories[_index(data.memory)], evaluate(data.offset, made), 0, len(segment.contents))


def _index(item: Item) -> int:
    assert item.index0 is not None  # the module is as it was read
    return item.index0


def _item_of(made: ModuleInst, item: Item) -> Any:
    spaces: dict[type[Item], Sequence[Any]] = {
        Func: made.funcs,
        Table: made.tables,
        Memory: made.memories,
        Global: made.globals,
        Tag: made.tags,
    }
    return spaces[type(item)][_index(item)]


def _name(func: Func) -> str | None:
    try:
        return func.name
    except WasmError:  # a name section that cannot be read is no reason not to run
        return None
