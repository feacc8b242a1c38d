"""``wasmrewrite callgraph``: which function may call which. Not here: how it is written down (``callgraph_forms``)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from ..escape import for_terminal
from ..spelling import natural
from . import completion, streams
from .options import FILE, Whole, module_argument
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..analysis import CallGraph, Path
    from ..explain.function_names import Names
    from ..model import Module
    from .callgraph_words import Selection

Form: TypeAlias = Literal["text", "dot", "json"]


@click.command(cls=completion.ModuleCommand)
@module_argument("module")
@click.option(
    "--from",
    "source",
    metavar="NAME",
    shell_complete=completion.functions,
    help="Only what this function reaches.",
)
@click.option(
    "--to",
    "target",
    metavar="NAME",
    shell_complete=completion.functions,
    help="Only what reaches this function; as text, the shortest ways.",
)
@click.option("--depth", type=Whole(min=0), metavar="N", help="At most this many calls away.")
@click.option("--to-imports", is_flag=True, help="Only a shortest way to each import.")
@click.option("--full", "whole", is_flag=True, help="The whole tree, however long it is.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "dot", "json"]),
    default="text",
    show_default=True,
    help="A tree for people, Graphviz, or everything for programs.",
)
@click.option("--demangle/--no-demangle", default=True, show_default=True, help="Show Rust and C++ names readably.")
@click.option("-o", "--output", type=FILE, default=streams.STANDARD, help="Write here instead of standard output.")
def command(
    module: str,
    source: str | None,
    target: str | None,
    depth: int | None,
    to_imports: bool,
    whole: bool,
    form: Form,
    demangle: bool,
    output: str,
) -> None:
    """Show which function may call which.

    Direct calls, tail calls, calls through tables and references with the functions that can be meant, exports, the
    start function, imports. NAME is an export, an import (env.abort), a name from the name section, mangled or not, or
    an index. Calls that may run a function nobody can see here are marked with a question mark. A tree of more than
    200 lines is cut short and says so.

    \b
    Example:
      wasmrewrite callgraph app.wasm --from main --depth 3
      wasmrewrite callgraph app.wasm --to env.abort
      wasmrewrite callgraph app.wasm --format dot | dot -Tsvg > app.svg
    """
    read = streams.read_module(module)
    with read.blamed(), _no_collection():
        shown = _answer(read, Question(source, target, depth, to_imports, whole), form, demangle)
    if output == streams.STANDARD:
        streams.standard_output().write(shown)
    else:
        streams.write_all([(output, shown.encode("utf-8", "backslashreplace"))])


@contextmanager
def _no_collection() -> Iterator[None]:
    """Do without the garbage collector: hundreds of thousands of small objects are made, none of them in circles."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _answer(read: streams.Input, question: Question, form: Form, demangle: bool) -> str:
    from ..analysis import CallGraph
    from ..explain.function_names import Names
    from ..model import Module
    from .callgraph_forms import dot, json_text, text

    graph = CallGraph(Module.from_bytes(read.data))
    names = Names(graph, demangle)
    selection = select(graph, names, question)
    if form == "text":
        return text(read.name, graph, names, selection)
    return (dot if form == "dot" else json_text)(graph, names, selection)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for."""

    source: str | None = None
    target: str | None = None
    depth: int | None = None
    to_imports: bool = False
    whole: bool = False


def select(graph: CallGraph, names: Names, question: Question) -> Selection:
    """The functions and ways that answer ``question``. ``click.UsageError``: a name means no function, or several."""
    from ..analysis import reachable, reaching, ways_to_imports
    from .callgraph_words import Selection

    roots = graph.roots() if question.source is None else [_find(graph, names, question.source)]
    target = None if question.target is None else _find(graph, names, question.target)
    depth = question.depth
    if question.to_imports:
        ways = [
            (index, way)
            for index, way in ways_to_imports(graph, roots)
            if target in (None, index) and (depth is None or len(way) <= depth)
        ]
        return Selection(roots, target, _on_ways(ways), ways, imports=True)
    if target is not None:
        before = reaching(graph, [target], depth)
        ways = list(before.paths(roots))
        shown = set(before.distance)
        if question.source is not None:
            shown &= set(reachable(graph, roots, depth).distance)
        return Selection(roots, target, shown, ways)
    if question.source is None and depth is None:
        return Selection(roots, None, None, [], whole=question.whole)
    shown = set(reachable(graph, roots, depth).distance)
    return Selection(roots, None, shown, [], depth=depth, whole=question.whole)


def _on_ways(ways: list[tuple[int, Path]]) -> set[int]:
    return {index for index, _ in ways} | {step.caller for _, way in ways for step in way}


def _find(graph: CallGraph, names: Names, wanted: str) -> int:
    """The function called ``wanted``: by export, import, name, demangled name, index, in this order."""
    from ..rewrite import function_names

    module = graph.module
    exports = [index for name, index in graph.exported() if name == wanted]
    found = exports or _by_import(module, wanted) or names.called(wanted)
    index = natural(wanted)
    if not found and index is not None and index < len(graph):
        found = [index]
    if len(found) == 1:
        return found[0]
    if not found:
        known = chain(function_names(module), filter(None, map(names.readable, _named(module))))
        raise click.UsageError(f"no function is called {for_terminal(wanted)!r}{did_you_mean(wanted, known)}")
    some = ", ".join(map(str, found[:5])) + (", ..." if len(found) > 5 else "")
    raise click.UsageError(f"{len(found)} functions are called {for_terminal(wanted)!r}; give the index of one: {some}")


def _named(module: Module) -> Iterator[str]:
    return (func.name for func in module.funcs if func.name is not None)


def _by_import(module: Module, wanted: str) -> list[int]:
    return [index for index, func in enumerate(module.funcs) if func.imported and str(func.origin) == wanted]
