"""Which functions a table may hold, and references to which functions may be anywhere else.

A table holds what its segments and its initialiser put there, and, if code writes it or the host sees it, any function
to which a reference may float about: named by ``ref.func`` or by the initialiser of a global, read from a table, known
to the host. The order in which things happen is not looked at. Not here: who calls through tables (``callgraph``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..isa.types import FUNC, FuncType, RefType, TypeDef, TypeKey, ValType, canonical_keys, top_of
from ..model import Elem, Expr, Func, Global, Item, Module, Table, Tag
from .mentions import Mention, Mentions

MAX_ENTRIES: Final = 4_000_000
"""Tables that would hold more functions together than this are taken for one."""
MAX_DEPTH: Final = 63
"""How many supertypes above one another engines allow."""

_WRITERS: Final = frozenset({"table.set", "table.grow", "table.fill"})


class FunctionPool:
    """A set of functions, by type."""

    def __init__(self, funcs: Iterable[int], key_of: Sequence[TypeKey]) -> None:
        self.funcs: Final = tuple(sorted(set(funcs)))
        self._key_of = key_of
        self._below: dict[TypeKey, list[int]] | None = None

    def of(self, key: TypeKey) -> tuple[int, ...]:
        """Those whose type is that of ``key``, or declared below it; ascending."""
        if self._below is None:
            self._below = defaultdict(list)
            for func in self.funcs:
                for each in _upwards(self._key_of[func]):
                    self._below[each].append(func)
        return tuple(self._below.get(key, ()))


def _upwards(key: TypeKey) -> list[TypeKey]:
    """A type and its supertypes."""
    found = {key: None}
    waiting = [key]
    while waiting and len(found) <= MAX_DEPTH:
        for each in waiting.pop().supers:
            if each not in found:
                found[each] = None
                waiting.append(each)
    return list(found)


@dataclass(frozen=True, slots=True)
class TableFacts:
    """The functions in one table; none if it holds references of another sort.

    ``reasons`` say why there may be more than its segments put there, ``complete`` that none of those is unknown,
    ``host`` that the host sees it.
    """

    pool: FunctionPool
    reasons: tuple[str, ...]
    complete: bool
    host: bool


class FunctionReferences:
    """Who holds references to functions.

    ``floating``: functions a reference to which may be held by code or by the host; ``foreign``: references to
    functions that are not the module's may be, too. ``keys`` has the canonical key of every defined type.
    """

    def __init__(
        self,
        module: Module,
        keys: dict[TypeDef, TypeKey],
        tables: list[TableFacts],
        floating: FunctionPool,
        foreign: bool,
    ) -> None:
        self.keys = keys
        self.tables = tables
        self.floating = floating
        self.foreign = foreign
        self._index = {table: index for index, table in enumerate(module.tables)}

    def index(self, table: Table) -> int:
        """The index of a table."""
        return self._index[table]

    def host_callable(self) -> list[int]:
        """What the host may call because it sees a table or may have been given a reference; ascending."""
        found = {func for table in self.tables if table.host for func in table.pool.funcs}
        return sorted(found.union(self.floating.funcs) if self.foreign else found)


def function_references(graph: Mentions, in_code: Iterable[Mention]) -> FunctionReferences:
    """Follow references through a module; ``in_code`` is what all of its code says. Raises as reading sections does."""
    return _Flow(graph, in_code).result()


class _Flow:
    """The working state: what segments put into each table, who writes tables, and what floats."""

    def __init__(self, graph: Mentions, in_code: Iterable[Mention]) -> None:
        self.graph = graph
        self.module = module = graph.module
        self.tables = list(module.tables)
        self.segments: dict[Table, set[Elem]] = {table: set() for table in self.tables}
        self.extra: dict[Table, set[int]] = defaultdict(set)
        self.written: dict[Table, str] = {}
        self.read: set[Table] = set()
        self.floating: set[int] = set()
        self.used: set[Elem] = set()
        self._held: dict[Elem, tuple[list[int], bool]] = {}
        for mention in in_code:
            self._code(mention)
        self._initialisers()

    # --- what the module says ---------------------------------------------------------------------------------------

    def _code(self, mention: Mention) -> None:
        kind, items = mention.kind, mention.items
        if kind == "ref.func" and mention.callee is not None:
            self.floating.add(mention.callee)
        elif kind in _WRITERS:
            self.written.setdefault(items[0], f"{kind} in code")
        elif kind == "table.get":
            self.read.add(items[0])
        elif kind == "table.copy" and items[0] is not items[1]:
            self.written.setdefault(items[0], "table.copy in code")
            self.read.add(items[1])
        elif kind == "table.init" and items[0].mode == "passive":
            self.segments[items[1]].add(items[0])
        elif kind in ("array.new_elem", "array.init_elem"):
            self.used.update(each for each in items if isinstance(each, Elem))

    def _initialisers(self) -> None:
        for item in self.module.globals:
            if isinstance(item.origin, Expr) and isinstance(item.type.value, RefType):
                self.floating.update(self._in_expr(item.origin)[0])
        for table in self.tables:
            if isinstance(table.origin, Expr):
                funcs, more = self._in_expr(table.origin)
                self.extra[table].update(funcs)
                if more:
                    self.written.setdefault(table, "a global in its initialiser")
        for elem in self.module.elems:
            if elem.mode == "active" and elem.table is not None:
                self.segments[elem.table].add(elem)
        for table, elems in self.segments.items():
            if any(self.held(elem)[1] for elem in elems):
                self.written.setdefault(table, "a global in its segments")
        for elem in self.used:
            self.floating.update(self.held(elem)[0])

    def _in_expr(self, expr: Expr) -> tuple[list[int], bool]:
        """The functions an initialiser names; whether its value can be another one that a global holds."""
        named = [each.callee for each in self.graph.in_expr(expr) if each.callee is not None]
        return named, not named and any(each.op.name == "global.get" for each in expr)

    def held(self, elem: Elem) -> tuple[list[int], bool]:
        """As ``_in_expr``, of all of a segment."""
        if elem not in self._held:
            funcs: list[int] = []
            more = False
            for each in elem.items:
                if isinstance(each, Expr):
                    named, other = self._in_expr(each)
                    funcs += named
                    more = more or other
                else:
                    funcs.append(self.graph.index(self._meant(elem, each)))
            self._held[elem] = funcs, more
        return self._held[elem]

    def _meant(self, elem: Elem, func: Func) -> Func:
        """Segments read from the file follow redirections; those added since say what they mean."""
        meant: Func = func if elem.index0 is None else self.module.edits.target(func)
        return meant

    # --- what follows -----------------------------------------------------------------------------------------------

    def result(self) -> FunctionReferences:
        module = self.module
        keys = canonical_keys(dict.fromkeys(typedef.group for typedef in module.types))
        key_of = [keys[func.type] for func in module.funcs]
        host = {table: why for table in self.tables if _holds_functions(table) and (why := self._seen_by_host(table))}
        foreign = any(map(_passes_references, _at_the_border(module)))
        for table in (*self.read, *host):  # what comes of it is a set: the order does not matter
            self.floating.update(self._static(table))
        if foreign:
            self.floating.update(index for _, index in self.graph.exported())
        pools = self._pools(host, key_of)
        tables = []
        for table in self.tables:
            reasons = (*host.get(table, ()), *((self.written[table],) if table in self.written else ()))
            if not _holds_functions(table):
                tables.append(TableFacts(FunctionPool((), key_of), (), True, False))
                continue
            tables.append(TableFacts(pools[table], reasons, not (reasons and foreign), table in host))
        return FunctionReferences(module, keys, tables, FunctionPool(self.floating, key_of), foreign)

    def _static(self, table: Table) -> Iterator[int]:
        yield from self.extra.get(table, ())
        for elem in self.segments[table]:
            yield from self.held(elem)[0]

    def _pools(self, host: dict[Table, tuple[str, ...]], key_of: Sequence[TypeKey]) -> dict[Table, FunctionPool]:
        open_ones = [each for each in self.tables if _holds_functions(each) and (each in host or each in self.written)]
        sizes = (len(self.held(elem)[0]) for elems in self.segments.values() for elem in elems)
        if sum(sizes) + len(open_ones) * len(self.floating) > MAX_ENTRIES:
            held = {func for elem in self.module.elems for func in self.held(elem)[0]}
            one = FunctionPool(held.union(self.floating, *self.extra.values()), key_of)
            return dict.fromkeys(self.tables, one)
        floating = dict.fromkeys(open_ones, self.floating)
        return {
            table: FunctionPool(floating.get(table, set()).union(self._static(table)), key_of) for table in self.tables
        }

    def _seen_by_host(self, table: Table) -> tuple[str, ...]:
        names = tuple(f"exported as {each.name!r}" for each in self.module.exports if each.item is table)
        return ("imported", *names) if table.imported else names


def _holds_functions(table: Table) -> bool:
    return top_of(table.type.element.heap) is FUNC


def _at_the_border(module: Module) -> Iterator[Any]:
    yield from module.imports
    yield from (export.item for export in module.exports)


def _passes_references(item: Item) -> bool:
    """Whether references of any sort can cross the border with ``item``; any sort, since objects can hold functions."""
    if isinstance(item, Func | Tag):
        composite = item.type.composite
        return isinstance(composite, FuncType) and any(map(_is_reference, (*composite.params, *composite.results)))
    if isinstance(item, Global):
        return _is_reference(item.type.value)
    return isinstance(item, Table)


def _is_reference(value: ValType) -> bool:
    return isinstance(value, RefType)
