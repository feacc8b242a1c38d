"""What a function may do besides computing its results: the effects of its instructions, and of all it may call.

An effect that is missing is a promise; one that is there is only possible. What stays inside a function (its locals,
where its control goes) is not its caller's business and does not count. Not here: effects of single instructions
(``isa.effects``).
"""

from __future__ import annotations

from typing import Final

from ..isa.effects import Effect
from ..model import Body, Module
from .callgraph import CallGraph

LOCAL: Final = Effect.READS_LOCAL | Effect.WRITES_LOCAL | Effect.BRANCHES | Effect.CALLS | Effect.CONST
"""What no caller can see."""
ANYTHING: Final = ~LOCAL
"""What a function that is not known may do: an import, or whatever else the host put into a table."""


class Effects:
    """The effects of the functions of one module as it stands; functions are indices into ``module.funcs``.

    ``needs = (Effects,)`` gives a pass this analysis. Code is read when somebody asks, and all that it calls with it.
    """

    def __init__(self, module: Module) -> None:
        self.graph = CallGraph(module)
        self._own: dict[int, Effect] = {}
        self._of: dict[int, Effect] = {}

    def own(self, index: int) -> Effect:
        """What the instructions of a function may do themselves, calls left out. Raises ``MalformedError``."""
        if index not in self._own:
            origin = self.graph.module.funcs[index].origin
            ops = {instr.op for instr in origin.expr} if isinstance(origin, Body) else set()
            found = Effect(0) if isinstance(origin, Body) else ANYTHING
            for op in ops:
                found |= op.effects
            self._own[index] = found & ANYTHING
        return self._own[index]

    def of(self, index: int) -> Effect:
        """What a call of a function may do, everything it may call included. Raises as ``CallGraph`` does."""
        if index not in self._of:
            self._settle(index)
        return self._of[index]

    def _settle(self, root: int) -> None:
        """Find the effects of all functions that ``root`` reaches; those that call each other share theirs."""
        import networkx

        graph: networkx.DiGraph[int] = networkx.DiGraph()
        graph.add_node(root)
        waiting, foreign = [root], set()
        while waiting:
            caller = waiting.pop()
            callees, complete = self._callees(caller)
            foreign |= set() if complete else {caller}
            for callee in callees:
                if callee not in graph and callee not in self._of:
                    waiting.append(callee)
                graph.add_edge(caller, callee)
        for together in networkx.strongly_connected_components(graph):  # callees come before their callers
            found = ANYTHING if together & foreign else Effect(0)
            for each in together:
                found |= self._of.get(each) or self.own(each)
                for callee in graph[each]:
                    found |= self._of.get(callee, Effect(0))
            self._of.update(dict.fromkeys(together, found))

    def _callees(self, index: int) -> tuple[list[int], bool]:
        """The functions that a function may call, and whether these are all."""
        sets = self.graph.sets(index)
        indirect = [callee for each in sets for callee in each.funcs]
        return [*self.graph.callees(index), *indirect], all(each.complete for each in sets)
