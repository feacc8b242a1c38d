"""What speaks against letting instantiation run a function that hosts call now, an initializer above all.

Not here: which exports are initializers (``lint``), making one the start function (the pass).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..isa.types import FuncType, func_type
from ..model import Func, Module
from .callgraph import CallGraph
from .reach import reachable


def shares_memory(module: Module) -> bool:
    """True if a memory is shared: then the module is instantiated once per thread, and each time its start runs."""
    return any(each.type.limits.shared for each in module.memories)


def start_obstacles(graph: CallGraph, func: Func) -> Iterator[str]:
    """Reasons not to make ``func`` run at instantiation and take its export away, the cheapest to find first.

    None means: it runs once and without the instance, as it did when the host called it once and first. Only the last
    two reasons need code. Raises as ``CallGraph`` does.
    """
    module = graph.module
    if func_type(func.type) != FuncType():
        yield f"its type is {func_type(func.type)}, and a start function takes and returns nothing"
    if shares_memory(module):
        yield "memory is shared: each thread that instantiates the module would run it again"
    names = [each.name for each in module.exports if each.item is func]
    if len(names) > 1:
        yield f"it has {len(names)} names among the exports, and hosts may call it by any of them"
    yield from _needs_of_host(graph, func)
    if _used_inside(graph, func):
        yield "other functions of the module run it, too"


def _needs_of_host(graph: CallGraph, func: Func) -> Iterator[str]:
    """What it may call that is not in the module: the host cannot serve a call before it has the instance."""
    funcs = graph.module.funcs
    reach = reachable(graph, [graph.index(func)])
    count = sum(funcs[index].imported for index in reach.distance)
    if count:
        yield f"it can call {count} import{'s' * (count > 1)}, which must not need the instance yet"
    elif any(not each.complete for index in reach.distance for each in graph.sets(index)):
        yield "it calls through a table or a reference that the host may have filled"


def _used_inside(graph: CallGraph, func: Func) -> bool:
    """True if code, a segment or an initialiser names the function."""
    if any(each is func for elem in graph.module.elems for each in elem.items):
        return True
    index = graph.index(func)
    _ = graph.references  # then everything that names a function has been looked at
    return any(each.callee == index for each in graph.mentions)
