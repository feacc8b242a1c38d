"""Who can reach what through calls, and the shortest way there.

Ways through tables and references count as one call each. Functions the host might call back are not followed: an
import is the end of a way. Not here: finding calls (``callgraph``).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import LimitError
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
MAX_STEPS: Final = 100_000
"""Ways that were asked for together have no more calls than this: a few kilobytes of code can have millions."""


class Reach:
    """The outcome of a search: ``distance`` in calls of every function found, in the order of finding.

    A search forwards starts at callers and finds what they reach; backwards, at callees, what reaches them.
    """

    def __init__(self, graph: CallGraph, backwards: bool) -> None:
        self.graph = graph
        self.distance: dict[int, int] = {}
        self._backwards = backwards
        self._before: dict[int, tuple[int, CallSet | None]] = {}
        self._sites: dict[int, dict[int | CallSet, tuple[str, int | None]]] = {}

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
        return tuple(self._step(*hop) for hop in hops)

    def paths(self, funcs: Iterable[int]) -> Iterator[tuple[int, Path]]:
        """``path`` of those of ``funcs`` that were found. Raises ``LimitError`` for ``MAX_STEPS`` altogether."""
        steps = 0
        for func in funcs:
            if func in self.distance:
                steps += self.distance[func]
                if steps > MAX_STEPS:
                    raise LimitError(f"the shortest ways have more than {MAX_STEPS} calls; ask for fewer")
                yield func, self.path(func)

    def _step(self, caller: int, callee: int, through: CallSet | None) -> Step:
        """The first call in ``caller`` that can be meant."""
        if caller not in self._sites:
            self._sites[caller] = _first_sites(self.graph, caller)
        kind, offset = self._sites[caller][callee if through is None else through]
        return Step(caller, callee, kind, offset, through)


def _first_sites(graph: CallGraph, caller: int) -> dict[int | CallSet, tuple[str, int | None]]:
    """Kind and offset of the first direct call of each callee, and of the first call of each set."""
    found: dict[int | CallSet, tuple[str, int | None]] = {}
    for mention, offsets in graph.grouped(caller):
        targets = graph.set_of(mention)
        if targets is not None:
            found.setdefault(targets, (mention.kind, offsets[0]))
        elif mention.callee is not None and mention.kind in DIRECT:
            found.setdefault(mention.callee, (mention.kind, offsets[0]))
    return found


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
    the code of functions on the way is looked at: what is found is reached, but there may be more. Raises as
    ``CallGraph`` does, and ``LimitError`` as ``Reach.paths``.
    """
    graph = of if isinstance(of, CallGraph) else CallGraph(of)
    reach = reachable(graph, [graph.index(func)], indirect=indirect)
    funcs = graph.module.funcs
    return {funcs[index]: way for index, way in reach.paths(each for each in reach.distance if funcs[each].imported)}


def nearest_import(of: Module | CallGraph, func: Func) -> tuple[Func, Path] | None:
    """The nearest imported function that running ``func`` reaches by direct calls, and a shortest way; None: none.

    Stops at the first one found, and looks only at code on the way there. An imported ``func`` reaches itself by the
    empty way. Raises as ``CallGraph`` does.
    """
    graph = of if isinstance(of, CallGraph) else CallGraph(of)
    funcs = graph.module.funcs
    reach, last = _until(graph, [graph.index(func)], lambda index: funcs[index].imported)
    return None if last is None else (funcs[last], reach.path(last))


def ways_to(graph: CallGraph, roots: Sequence[int], targets: Iterable[int]) -> Iterator[tuple[int, Path]]:
    """Those of ``targets`` that ``roots`` reach, each with a shortest way by direct calls if there is one.

    Code is looked at only until all targets have been found; if direct calls do not reach one, all of it. Raises as
    ``CallGraph`` does, and ``LimitError`` as ``Reach.paths``.
    """
    missing = dict.fromkeys(targets)
    wanted = list(missing)

    def all_found(index: int) -> bool:
        missing.pop(index, None)
        return not missing

    direct, _ = _until(graph, roots, all_found)
    yield from direct.paths(wanted)
    if missing:
        yield from reachable(graph, roots).paths(missing)


def _until(graph: CallGraph, roots: Iterable[int], last: Callable[[int], bool]) -> tuple[Reach, int | None]:
    """What direct calls reach, breadth first, until ``last`` says so of a function found, and that one, or None."""
    reach = Reach(graph, backwards=False)
    reach.distance = dict.fromkeys(roots, 0)
    waiting = deque(reach.distance)
    for root in waiting:
        if last(root):
            return reach, root
    while waiting:
        caller = waiting.popleft()
        for callee in graph.callees(caller):
            if not reach.found(callee, caller, None):
                continue
            if last(callee):
                return reach, callee
            waiting.append(callee)
    return reach, None


def ways_to_imports(graph: CallGraph, roots: Iterable[int]) -> Iterator[tuple[int, Path]]:
    """Every imported function that ``roots`` reach, by index, with a shortest way from the nearest root.

    Raises as ``CallGraph`` does, and ``LimitError`` as ``Reach.paths``.
    """
    imported = (index for index, func in enumerate(graph.module.funcs) if func.imported)
    return reachable(graph, roots).paths(imported)
