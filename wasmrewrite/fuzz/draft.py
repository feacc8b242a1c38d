"""``Draft``: a module under construction as plain lists with indices, and its bytes.

This is a second way from a module to bytes beside ``codec``, made of a dozen lines per section, so that what is
generated does not depend on the code it is to test. Instructions alone are shared (``kernels.encode``). Not here: what
goes into a draft (``modules``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, TypeAlias

from ..isa.immediates import Space
from ..isa.leb import Padded, write_s, write_u
from ..isa.op import Op
from ..isa.table import BY_NAME
from ..isa.types import FUNCREF, FuncType, GlobalType, Limits, MemoryType, NumType, TableType, ValType
from ..kernels.encode import encode

Code: TypeAlias = list[tuple[Op, tuple[Any, ...]]]
Described: TypeAlias = FuncType | TableType | MemoryType | GlobalType

_END: Final = BY_NAME["end"]
_CODES: Final = {Space.FUNC: 0, Space.TABLE: 1, Space.MEMORY: 2, Space.GLOBAL: 3}
_WIDE: Final = 5
"""Bytes that linkers reserve for an index or a size."""


def code(*instrs: tuple[Any, ...]) -> Code:
    """Instructions from their names and operands: ``code(("i32.const", 1), ("drop",))``."""
    return [(BY_NAME[name], tuple(args)) for name, *args in instrs]


@dataclass(slots=True)
class DraftFunc:
    """A defined function; ``code`` lacks the final ``end``."""

    type: FuncType
    locals: list[ValType] = field(default_factory=list)
    code: Code = field(default_factory=list)


@dataclass(slots=True)
class DraftElem:
    """A segment of function indices; ``offset`` is None for a passive one, with ``declared`` a declarative one.

    ``spelled``: write each as an expression, ``ref.func``, instead of an index.
    """

    funcs: list[int]
    table: int = 0
    offset: int | None = None
    declared: bool = False
    spelled: bool = False


@dataclass(slots=True)
class DraftData:
    """A data segment; ``offset`` is None for a passive one."""

    data: bytes
    memory: int = 0
    offset: int | None = None


@dataclass(slots=True)
class Draft:
    """A module. Lists of definitions do not hold the imported items, indices count those too."""

    types: list[FuncType] = field(default_factory=list)
    imports: list[tuple[str, str, Described]] = field(default_factory=list)
    funcs: list[DraftFunc] = field(default_factory=list)
    tables: list[TableType] = field(default_factory=list)
    memories: list[MemoryType] = field(default_factory=list)
    globals: list[tuple[GlobalType, Code]] = field(default_factory=list)
    exports: list[tuple[str, Space, int]] = field(default_factory=list)
    start: int | None = None
    elems: list[DraftElem] = field(default_factory=list)
    datas: list[DraftData] = field(default_factory=list)
    func_names: dict[int, str] = field(default_factory=dict)
    global_names: dict[int, str] = field(default_factory=dict)
    customs: list[tuple[str, bytes]] = field(default_factory=list)
    wide: bool = False
    """Write sizes, and indices of called functions, in five bytes, as linkers do."""

    def type_index(self, type: FuncType) -> int:
        """The index of a type, which is added if it is new."""
        if type not in self.types:
            self.types.append(type)
        return self.types.index(type)

    def imported(self, kind: type[Described]) -> int:
        """How many items of a kind are imported."""
        return sum(isinstance(described, kind) for _, _, described in self.imports)

    def encode(self) -> bytes:
        """The binary module."""
        bodies = [self._body(func) for func in self.funcs]
        imports = [self._import(*each) for each in self.imports]
        declared = [_u(self.type_index(func.type)) for func in self.funcs]
        sections = [
            (1, [_func_type(each) for each in self.types]),  # after the lines above, which may add types
            (2, imports),
            (3, declared),
            (4, [_table_type(each) for each in self.tables]),
            (5, [_limits(each.limits) for each in self.memories]),
            (6, [_global_type(each) + encode(init) + _END.head for each, init in self.globals]),
            (7, [_name(name) + bytes((_CODES[space],)) + _u(index) for name, space, index in self.exports]),
            (9, [_elem(each) for each in self.elems]),
            (10, bodies),
            (11, [_data(each) for each in self.datas]),
        ]
        return b"\0asm\1\0\0\0" + b"".join(self._ordered(sections))

    def _ordered(self, sections: list[tuple[int, list[bytes]]]) -> Iterable[bytes]:
        for number, entries in sections:
            if number == 9 and self.start is not None:
                yield self._section(8, _u(self.start))
            if number == 10 and self.datas:
                yield self._section(12, _u(len(self.datas)))
            if entries:
                yield self._section(number, _u(len(entries)) + b"".join(entries))
        if self.func_names or self.global_names:
            parts = [(1, self.func_names), (7, self.global_names)]
            found = [bytes((number,)) + _sized(_name_map(names)) for number, names in parts if names]
            yield self._section(0, _name("name") + b"".join(found))
        for name, data in self.customs:
            yield self._section(0, _name(name) + data)

    def _section(self, number: int, contents: bytes) -> bytes:
        return bytes((number,)) + self._sized(contents)

    def _sized(self, contents: bytes) -> bytes:
        size = Padded(len(contents), _WIDE) if self.wide else len(contents)
        return write_u(size) + contents

    def _import(self, module: str, name: str, described: Described) -> bytes:
        head = _name(module) + _name(name)
        if isinstance(described, FuncType):
            return head + b"\0" + _u(self.type_index(described))
        if isinstance(described, TableType):
            return head + b"\1" + _table_type(described)
        if isinstance(described, MemoryType):
            return head + b"\2" + _limits(described.limits)
        return head + b"\3" + _global_type(described)

    def _body(self, func: DraftFunc) -> bytes:
        runs = [_u(len(list(run))) + _val_type(type) for type, run in groupby(func.locals)]
        return self._sized(_u(len(runs)) + b"".join(runs) + encode(map(self._widened, func.code)) + _END.head)

    def _widened(self, instr: tuple[Op, tuple[Any, ...]]) -> tuple[Op, tuple[Any, ...]]:
        op, operands = instr
        return (op, (Padded(operands[0], _WIDE),)) if self.wide and op.name == "call" else instr


def _u(value: int) -> bytes:
    return write_u(value)


def _sized(contents: bytes) -> bytes:
    return _u(len(contents)) + contents


def _name(text: str) -> bytes:
    return _sized(text.encode())


def _name_map(names: dict[int, str]) -> bytes:
    return _u(len(names)) + b"".join(_u(index) + _name(names[index]) for index in sorted(names))


def _val_type(type: ValType) -> bytes:
    if isinstance(type, NumType):
        return bytes((type.code,))
    return b"\x70" if type == FUNCREF else b"\x6f"


def _func_type(type: FuncType) -> bytes:
    return b"\x60" + _types(type.params) + _types(type.results)


def _types(types: Sequence[ValType]) -> bytes:
    return _u(len(types)) + b"".join(map(_val_type, types))


def _limits(limits: Limits) -> bytes:
    if limits.maximum is None:
        return b"\0" + _u(limits.minimum)
    return b"\1" + _u(limits.minimum) + _u(limits.maximum)


def _table_type(type: TableType) -> bytes:
    return _val_type(type.element) + _limits(type.limits)


def _global_type(type: GlobalType) -> bytes:
    return _val_type(type.value) + bytes((type.mutable,))


def _offset(value: int) -> bytes:
    return b"\x41" + write_s(value) + _END.head


def _elem(elem: DraftElem) -> bytes:
    flag, kind = (4, b"\x70") if elem.spelled else (0, b"\0")
    each = (b"\xd2" + _u(index) + _END.head if elem.spelled else _u(index) for index in elem.funcs)
    funcs = _u(len(elem.funcs)) + b"".join(each)
    if elem.offset is None:
        return bytes((flag | (3 if elem.declared else 1),)) + kind + funcs
    if elem.table == 0:
        return bytes((flag,)) + _offset(elem.offset) + funcs
    return bytes((flag | 2,)) + _u(elem.table) + _offset(elem.offset) + kind + funcs


def _data(data: DraftData) -> bytes:
    if data.offset is None:
        return b"\1" + _sized(data.data)
    if data.memory == 0:
        return b"\0" + _offset(data.offset) + _sized(data.data)
    return b"\2" + _u(data.memory) + _offset(data.offset) + _sized(data.data)
