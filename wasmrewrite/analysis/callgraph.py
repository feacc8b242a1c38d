"""Which function may call which: every call, tail call, call through a table or a reference, export and start.

A body is scanned when somebody asks about it, and the whole module only for what depends on all of it (what tables may
hold, who calls a function). Sites are kept in arrays; calls through tables and references as sets of targets that many
sites share, and become edges on demand only. Calls that the host makes start at ``HOST``; that an import may call back
what the host knows is no edge. Not here: what tables hold (``tables``), paths (``reach``).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..arguments import expect
from ..errors import LimitError, RewriteError
from ..isa.immediates import Space
from ..isa.op import Op
from ..isa.types import FuncType, TypeDef, TypeKey
from ..kernels.calls import SITES, find_sites, read_site, skip_locals
from ..messages import no_function_type, unknown_index
from ..model import Body, Expr, Func, Instr, Module
from .mentions import Mention
from .tables import FunctionPool, FunctionReferences, function_references

if TYPE_CHECKING:
    from networkx import MultiDiGraph

HOST: Final = "host"
"""The node, in networkx's form, of whoever embeds the module."""
MAX_EDGES: Final = 2_000_000
DIRECT: Final = frozenset({"call", "return_call"})
BY_TABLE: Final = frozenset({"call_indirect", "return_call_indirect"})
INDIRECT: Final = BY_TABLE | {"call_ref", "return_call_ref"}
_NAMED: Final = frozenset({Space.FUNC, Space.TABLE, Space.ELEM, Space.TYPE})


@dataclass(frozen=True, slots=True, eq=False)
class CallSet:
    """What calls of one type through one table (None: through references) may run: indices, ascending.

    ``complete``: nothing else is possible; otherwise functions of the host's, or unknown ones, are possible, too.
    ``number`` counts the sets of a graph in the order in which they were asked for.
    """

    number: int
    table: int | None
    type: TypeDef
    funcs: tuple[int, ...]
    complete: bool

    @property
    def exact(self) -> bool:
        """Whether a call traps or runs the only target."""
        return self.complete and len(self.funcs) == 1


@dataclass(frozen=True, slots=True)
class Edge:
    """``caller`` (None: the host) may run, or refers to, ``callee`` (None: a function of the host's, not known here).

    ``kind``: a mnemonic ("call", "return_call_indirect", "ref.func", ...), "export", "start" or "table" (the host sees
    a table that holds it). ``offset`` is absolute in the file, None where code is new. ``exact``: nothing else can run.
    """

    caller: int | None
    callee: int | None
    kind: str
    offset: int | None
    exact: bool


class _Sites(NamedTuple):
    """The sites of one body: absolute offsets (-1: none), numbers of mentions, and these without repetition."""

    offsets: array[int]
    mentions: array[int]
    once: tuple[int, ...]


class CallGraph:
    """The calls of one module as it stands. Functions are indices into ``module.funcs``."""

    def __init__(self, module: Module) -> None:
        expect(module, Module, "a Module", "Module.from_bytes reads one")
        self.module = module
        self.mentions: list[Mention] = []
        self._direct: dict[int, int] = {}
        self._indirect: set[int] = set()
        self._referred: dict[int, int] = {}
        self._by_code: dict[bytes, int] = {}
        self._frozen: dict[Space, Sequence[Any]] = {}
        self._funcs = module.funcs
        self._data = module.source.data
        self._sites: list[_Sites | None] = [None] * len(self._funcs)
        self._index: dict[Func, int] = {}
        self._references: FunctionReferences | None = None
        self._sets: dict[tuple[int | None, TypeKey], CallSet] = {}
        self._callers: list[list[int]] | None = None

    def __len__(self) -> int:
        return len(self._sites)

    def index(self, func: Func) -> int:
        """The index of a function. Raises ``RewriteError`` if the module does not hold it."""
        if not self._index:
            self._index = {each: at for at, each in enumerate(self.module.funcs)}
        found = self._index.get(func)
        if found is None:
            raise RewriteError(f"{func!r} is used but not in the module")
        return found

    # --- sites ------------------------------------------------------------------------------------------------------

    def _scanned(self, index: int) -> _Sites:
        """The sites of a function. Raises ``MalformedError``, ``InvalidError`` (unknown function 7)."""
        sites = self._sites[index]
        if sites is None:
            origin = self._funcs[index].origin
            sites = self._sites[index] = self._scan(origin) if isinstance(origin, Body) else _NONE
        return sites

    def _scan(self, body: Body) -> _Sites:
        if body.span is None:
            return self._of_instrs(body.expr)
        start, end = body.span
        code = skip_locals(self._data, start, end)
        return self._of_bytes(self.module.source.body(body.span)[1][0] if code is None else code, end)

    def _of_bytes(self, start: int, end: int) -> _Sites:
        offsets, codes = find_sites(self._data, start, end)
        if not codes:
            return _NONE
        known = self._by_code
        try:
            numbers = list(map(known.__getitem__, codes))
        except KeyError:
            for offset, code in zip(offsets, codes, strict=True):
                if code not in known:
                    known[code] = self._learn(code, offset)
            numbers = list(map(known.__getitem__, codes))
        return _Sites(array("q", offsets), array("I", numbers), tuple(dict.fromkeys(numbers)))

    def _of_instrs(self, instrs: Iterable[Instr]) -> _Sites:
        numbers = [self._add(each.op, each.args) for each in instrs if each.op in SITES]
        return _Sites(array("q", [-1] * len(numbers)), array("I", numbers), tuple(numbers))

    def _learn(self, code: bytes, offset: int) -> int:
        op, places = read_site(code)
        items = []
        for space, index in places:
            if space not in _NAMED:
                continue
            if space not in self._frozen:
                self._frozen[space] = self.module.source.frozen(space)
            if index >= len(self._frozen[space]):
                raise unknown_index(space.value, index, offset)
            items.append(self.module.edits.target(self._frozen[space][index]))
        if op.name in INDIRECT and not isinstance(items[0].composite, FuncType):
            raise no_function_type(places[0][1], offset)
        return self._add(op, tuple(items))

    def _add(self, op: Op, items: tuple[Any, ...]) -> int:
        number = len(self.mentions)
        callee = self.index(items[0]) if items and isinstance(items[0], Func) else None
        self.mentions.append(Mention(number, op, items, callee))
        if callee is None:
            if op.name in INDIRECT:
                self._indirect.add(number)
        elif op.name in DIRECT:
            self._direct[number] = callee
        else:
            self._referred[number] = callee
        return number

    def sites(self, index: int) -> Iterator[tuple[int | None, Mention]]:
        """Every site of a function, in order: absolute offset (None where code is new), and what it says."""
        offsets, numbers, _ = self._scanned(index)
        for offset, number in zip(offsets, numbers, strict=True):
            yield (None if offset < 0 else offset), self.mentions[number]

    def mentioned(self, index: int) -> list[Mention]:
        """What the sites of a function say, each once, in the order of the first."""
        return [self.mentions[number] for number in self._scanned(index).once]

    def grouped(self, index: int) -> list[tuple[Mention, list[int | None]]]:
        """As ``mentioned``, each with the absolute offsets of its sites in order (None where code is new)."""
        places, numbers, once = self._scanned(index)
        offsets: list[int | None] = list(places)
        if -1 in places:
            offsets = [None if offset == -1 else offset for offset in places]
        if len(once) == len(numbers):
            return [(self.mentions[number], [offset]) for number, offset in zip(once, offsets, strict=True)]
        found: dict[int, list[int | None]] = {number: [] for number in once}
        for number, offset in zip(numbers, offsets, strict=True):
            found[number].append(offset)
        return [(self.mentions[number], each) for number, each in found.items()]

    def in_expr(self, expr: Expr) -> list[Mention]:
        """As ``mentioned``, of an initialiser."""
        sites = self._of_instrs(expr) if expr.span is None else self._of_bytes(*expr.span)
        return [self.mentions[number] for number in sites.once]

    def scan(self) -> None:
        """Look at all code. Raises ``MalformedError``, ``InvalidError``."""
        for index, sites in enumerate(self._sites):
            if sites is None:
                self._scanned(index)

    # --- calls ------------------------------------------------------------------------------------------------------

    def callees(self, index: int) -> list[int]:
        """The functions that a function calls by their index, tail calls included, in the order of the first call."""
        direct = self._direct
        return list(dict.fromkeys([direct[number] for number in self._scanned(index).once if number in direct]))

    def referred(self, index: int) -> list[int]:
        """The functions to which a function takes references."""
        once = self._scanned(index).once
        if not self._referred:
            return []
        return list(dict.fromkeys([self._referred[number] for number in once if number in self._referred]))

    def calls_indirectly(self, index: int) -> bool:
        """Whether a function calls through a table or a reference."""
        return not self._indirect.isdisjoint(self._scanned(index).once)

    def sets(self, index: int) -> list[CallSet]:
        """What a function calls through tables and references."""
        once = self._scanned(index).once
        if self._indirect.isdisjoint(once):
            return []
        return list(dict.fromkeys([self._set(number) for number in once if number in self._indirect]))

    def _set(self, number: int) -> CallSet:
        mention = self.mentions[number]
        references = self.references
        typedef = mention.items[0]
        table = references.index(mention.items[1]) if mention.kind in BY_TABLE else None
        key = references.keys[typedef]
        if (table, key) not in self._sets:
            pool, complete = self._pool(table)
            self._sets[table, key] = CallSet(len(self._sets), table, typedef, pool.of(key), complete)
        return self._sets[table, key]

    def all_sets(self) -> list[CallSet]:
        """The sets asked for so far, by number."""
        return list(self._sets.values())

    @property
    def references(self) -> FunctionReferences:
        """Who holds references to which functions. The first use looks at all code."""
        if self._references is None:
            self.scan()
            # Mentions of initialisers are added on the way, but belong to no code.
            self._references = function_references(self, list(self.mentions))
        return self._references

    def set_of(self, mention: Mention) -> CallSet | None:
        """What a call through a table or a reference may run; None for any other site."""
        return self._set(mention.number) if mention.number in self._indirect else None

    def _pool(self, table: int | None) -> tuple[FunctionPool, bool]:
        references = self.references
        if table is None:
            return references.floating, not references.foreign
        return references.tables[table].pool, references.tables[table].complete

    def callers(self, index: int) -> list[int]:
        """The functions that call a function by its index, ascending. The first use looks at all code."""
        if self._callers is None:
            callers: list[list[int]] = [[] for _ in self._sites]
            for caller in range(len(self._sites)):
                for callee in self.callees(caller):
                    callers[callee].append(caller)
            self._callers = callers
        return self._callers[index]

    # --- roots ------------------------------------------------------------------------------------------------------

    def exported(self) -> list[tuple[str, int]]:
        """Name and function of every export of a function, in the order of the section."""
        return [(each.name, self.index(each.item)) for each in self.module.exports if isinstance(each.item, Func)]

    def roots(self) -> list[int]:
        """The functions that are exported, and the start function, each once: exports first."""
        start = self.module.start
        found = [index for _, index in self.exported()]
        return list(dict.fromkeys(found if start is None else [*found, self.index(start)]))

    # --- edges ------------------------------------------------------------------------------------------------------

    def edges(self, index: int) -> Iterator[Edge]:
        """The edges out of a function, one per site and target, in the order of the sites."""
        for offset, mention in self.sites(index):
            if mention.callee is not None:
                yield Edge(index, mention.callee, mention.kind, offset, True)
            targets = self.set_of(mention)
            if targets is not None:
                yield from (Edge(index, each, mention.kind, offset, targets.exact) for each in targets.funcs)
                if not targets.complete:
                    yield Edge(index, None, mention.kind, offset, False)

    def host_edges(self) -> Iterator[Edge]:
        """What the host may call: exports, the start function, what it may find in tables or hold otherwise."""
        yield from (Edge(None, index, "export", None, True) for _, index in self.exported())
        if self.module.start is not None:
            yield Edge(None, self.index(self.module.start), "start", None, True)
        yield from (Edge(None, index, "table", None, False) for index in self.references.host_callable())

    def to_networkx(self, max_edges: int = MAX_EDGES) -> MultiDiGraph[int | str]:
        """All of it as a ``MultiDiGraph``: nodes are indices and ``HOST``, edges have ``kind``, ``offset``, ``exact``.

        ``HOST`` calls what is exported; an edge to it means a function that is not the module's. Raises ``LimitError``
        for more than ``max_edges`` edges: calls through a table have one per site and target.
        """
        import networkx

        graph: MultiDiGraph[int | str] = networkx.MultiDiGraph()
        graph.add_node(HOST, name=HOST, imported=False)
        for index, func in enumerate(self.module.funcs):
            graph.add_node(index, name=func.name, imported=func.imported)
        for count, edge in enumerate(self._all_edges()):
            if count == max_edges:
                raise LimitError(f"the call graph has more than {max_edges} edges")
            caller = HOST if edge.caller is None else edge.caller
            callee = HOST if edge.callee is None else edge.callee
            graph.add_edge(caller, callee, kind=edge.kind, offset=edge.offset, exact=edge.exact)
        return graph

    def _all_edges(self) -> Iterator[Edge]:
        yield from self.host_edges()
        for index in range(len(self._sites)):
            yield from self.edges(index)


_NONE: Final = _Sites(array("q"), array("I"), ())
