"""Who can reach what through calls, and the shortest way there.

Ways through tables and references count as one call each. Functions the host might call back are not followed: an
import is the end of a way. Not here: finding calls (``callgraph``).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model import Func, Module
from .callgraph import DIRECT, CallGraph, CallSet


@dataclass(frozen=True, slots=True)
class Step:
    """One call: as ``callgraph.Edge``; ``through`` is the set of possible targets of an indirect call, else None.

    ``offset`` is that of the first such call in the caller, None where its code is new.
    """

    caller: int
    callee: int
    kind: str
    offset: int | None
    through: CallSet | None

    @property
    def exact(self) -> bool:
        """Whether the call can run nothing else."""
        return self.through is None or self.through.exact


Path = tuple[Step, ...]


class Reach:
    """The outcome of a search: ``distance`` in calls of every function found, in the order of finding.

    A search forwards starts at callers and finds what they reach; backwards, at callees, what reaches them.
    """

    def __init__(self, graph: CallGraph, backwards: bool) -> None:
        self.graph = graph
        self.distance: dict[int, int] = {}
        self._backwards = backwards
        self._before: dict[int, tuple[int, CallSet | None]] = {}

    def found(self, func: int, by: int, through: CallSet | None) -> bool:
        """Take note that ``func`` is next to ``by``; whether that is news."""
        if func in self.distance:
            return False
        self.distance[func] = self.distance[by] + 1
        self._before[func] = by, through
        return True

    def before(self, func: int) -> int | None:
        """The function on whose account ``func`` was found; None for those where the search started."""
        return self._before[func][0] if func in self._before else None

    def path(self, func: int) -> Path:
        """A shortest way between where the search started and ``func``, from caller to callee. ``KeyError``: none."""
        hops = []
        at = func
        self.distance[at]
        while at in self._before:
            before, through = self._before[at]
            hops.append((at, before, through) if self._backwards else (before, at, through))
            at = before
        if not self._backwards:
            hops.reverse()
        return tuple(_step(self.graph, *hop) for hop in hops)


def _step(graph: CallGraph, caller: int, callee: int, through: CallSet | None) -> Step:
    """The first call in ``caller`` that can be meant."""
    for offset, mention in graph.sites(caller):
        if through is not None and graph.set_of(mention) is through:
            return Step(caller, callee, mention.kind, offset, through)
        if through is None and mention.callee == callee and mention.kind in DIRECT:
            return Step(caller, callee, mention.kind, offset, None)
    raise KeyError((caller, callee))


def reachable(graph: CallGraph, roots: Iterable[int], depth: int | None = None, indirect: bool = True) -> Reach:
    """What ``roots`` reach, themselves included, in at most ``depth`` calls; without ``indirect`` by direct calls only.

    Direct calls alone need no code but that of the functions found. Raises as ``CallGraph`` does.
    """
    reach = Reach(graph, backwards=False)
    reach.distance = dict.fromkeys(roots, 0)
    waiting = deque(reach.distance)
    seen: set[CallSet] = set()
    while waiting:
        func = waiting.popleft()
        if depth is not None and reach.distance[func] >= depth:
            break  # the others are at least as far
        waiting.extend(each for each in graph.callees(func) if reach.found(each, func, None))
        for through in graph.sets(func) if indirect else ():
            if through not in seen:
                seen.add(through)
                waiting.extend(each for each in through.funcs if reach.found(each, func, through))
    return reach


def reaching(graph: CallGraph, targets: Iterable[int], depth: int | None = None) -> Reach:
    """What reaches ``targets``, themselves included, in at most ``depth`` calls. Looks at all code."""
    reach = Reach(graph, backwards=True)
    reach.distance = dict.fromkeys(targets, 0)
    waiting = deque(reach.distance)
    holders, users = _sets_by_member(graph), _callers_by_set(graph)
    seen: set[CallSet] = set()
    while waiting:
        func = waiting.popleft()
        if depth is not None and reach.distance[func] >= depth:
            break
        waiting.extend(each for each in graph.callers(func) if reach.found(each, func, None))
        for through in holders.get(func, ()):
            if through not in seen:
                seen.add(through)
                waiting.extend(each for each in users[through] if reach.found(each, func, through))
    return reach


def _callers_by_set(graph: CallGraph) -> Mapping[CallSet, list[int]]:
    users: dict[CallSet, list[int]] = defaultdict(list)
    for caller in range(len(graph)):
        for through in graph.sets(caller):
            users[through].append(caller)
    return users


def _sets_by_member(graph: CallGraph) -> Mapping[int, list[CallSet]]:
    holders: dict[int, list[CallSet]] = defaultdict(list)
    for caller in range(len(graph)):
        graph.sets(caller)  # sets come into being when they are asked for
    for through in graph.all_sets():
        for func in through.funcs:
            holders[func].append(through)
    return holders


def dead(graph: CallGraph) -> list[int]:
    """Defined functions that nothing can run: not from exports or the start function, nor by what the host may hold.

    Indices, ascending; some may still be named by segments or ``ref.func``.
    """
    alive = reachable(graph, [*graph.roots(), *graph.references.host_callable()]).distance
    return [index for index, func in enumerate(graph.module.funcs) if index not in alive and not func.imported]


def imports_reached(of: Module | CallGraph, func: Func, indirect: bool = True) -> dict[Func, Path]:
    """The imported functions that running ``func`` can reach, nearest first, each with a shortest way to it.

    An imported ``func`` reaches itself by the empty way. Without ``indirect`` only direct calls are followed, and only
    the code of functions on the way is looked at: what is found is reached, but there may be more.
    """
    graph = of if isinstance(of, CallGraph) else CallGraph(of)
    reach = reachable(graph, [graph.index(func)], indirect=indirect)
    funcs = graph.module.funcs
    return {funcs[index]: reach.path(index) for index in reach.distance if funcs[index].imported}


def nearest_import(of: Module | CallGraph, func: Func, tables: bool = False) -> tuple[Func, Path] | None:
    """The nearest imported function that running ``func`` certainly can reach by calls, and a shortest way; None: none.

    Stops at the first one found, and looks only at code on the way there. With ``tables`` also calls through tables
    and references count that can run one function only; to know that takes all code, which is looked at only if direct
    calls alone reach no import and something on the way does call through a table. An imported ``func`` reaches itself
    by the empty way. Raises as ``CallGraph`` does.
    """
    graph = of if isinstance(of, CallGraph) else CallGraph(of)
    if func.imported:
        return func, ()
    start = graph.index(func)
    found = _until_import(graph, start, exact=False)
    if isinstance(found, Reach) and tables and any(map(graph.calls_indirectly, found.distance)):
        found = _until_import(graph, start, exact=True)
    return None if isinstance(found, Reach) else found


def _until_import(graph: CallGraph, start: int, exact: bool) -> tuple[Func, Path] | Reach:
    """An import and the way there, or, if there is none, everything that is reached."""
    funcs = graph.module.funcs
    reach = Reach(graph, backwards=False)
    reach.distance = {start: 0}
    waiting = deque(reach.distance)
    while waiting:
        caller = waiting.popleft()
        hops: list[tuple[int, CallSet | None]] = [(each, None) for each in graph.callees(caller)]
        hops += [(each.funcs[0], each) for each in graph.sets(caller) if each.exact] if exact else []
        for callee, through in hops:
            if not reach.found(callee, caller, through):
                continue
            if funcs[callee].imported:
                return funcs[callee], reach.path(callee)
            waiting.append(callee)
    return reach


def ways_to_imports(graph: CallGraph, roots: Iterable[int]) -> Iterator[tuple[int, Path]]:
    """Every imported function that ``roots`` reach, by index, with a shortest way from the nearest root."""
    reach = reachable(graph, roots)
    for index, func in enumerate(graph.module.funcs):
        if func.imported and index in reach.distance:
            yield index, reach.path(index)
