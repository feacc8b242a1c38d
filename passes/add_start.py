"""Make a function run at instantiation.

Before: ``(export "main" (func $main))``     After: the same, and ``(start $main)``

A start function that is there already runs first, then this one. A function with parameters needs ``args``; results
are dropped. A start function runs before the host sees any export, so what it imports must not need them.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasmrewrite.analysis import CallGraph, nearest_import, reachable
from wasmrewrite.rewrite import (
    Calls,
    Code,
    Editor,
    Func,
    Instr,
    Module,
    ModulePass,
    RewriteError,
    called,
    constant,
    find_func,
    func_type,
    option,
)


@dataclass(frozen=True, slots=True)
class AddStart(ModulePass):
    """Run ``function`` as the last step of instantiation; an existing start function runs first."""

    needs = (CallGraph,)

    function: str = option(help="export or name of the function", show="NAME")
    args: tuple[str, ...] = option(help="a constant for each parameter", show="i32:5", default=())
    drop_export: bool = option(help="take the function's export away", default=False)

    def run(self, module: Module, edit: Editor) -> None:
        """Set the start function."""
        func = find_func(module, self.function)
        earlier = module.start
        if earlier is func:
            edit.note(f"{self.function!r} is the start function already")
        else:
            values = self._values(func)
            self._warn_of_imports(edit, func)
            edit.set_start(self._starter(edit, earlier, func, values))
            edit.claim(Calls(func, tuple(text for _, text in values)))
            edit.note(f"{self.function!r} runs at instantiation", self._reason(func, earlier))
        if self.drop_export:
            self._drop(module, edit)

    def _values(self, func: Func) -> list[tuple[Instr, str]]:
        params = func_type(func.type).params
        if len(params) != len(self.args):
            raise RewriteError(
                f"{self.function!r} takes {len(params)} parameters ({func_type(func.type)}), "
                f"but {len(self.args)} constants are given; give one args= each"
            )
        return [constant(text, type) for text, type in zip(self.args, params, strict=True)]

    def _starter(self, edit: Editor, earlier: Func | None, func: Func, values: list[tuple[Instr, str]]) -> Func:
        """The function itself if it can be a start function as it is, else a new one that calls."""
        type = func_type(func.type)
        if earlier is None and not type.params and not type.results:
            return func
        code = Code(())
        if earlier is not None:
            code.add("call", earlier)
        code.instrs += [instr for instr, _ in values]
        code.add("call", func)
        for _ in type.results:
            code.add("drop")
        return edit.add_func(edit.type(()), (), code.instrs, f"start {self.function}")

    def _warn_of_imports(self, edit: Editor, func: Func) -> None:
        """Imports that are called before the host has the instance: it cannot serve those that need an export.

        Only direct calls are followed: through tables most functions seem to reach most imports.
        """
        graph = edit.ask(CallGraph)
        found = nearest_import(graph, func)
        if found is not None:
            target, way = found
            reached = f"{self.function!r} can call the import '{target.origin}', {_calls(len(way))} away"
            edit.warn(
                reached if way else f"'{target.origin}' is an import",
                "it runs before the host can use any export, memory included; callgraph --from shows all it reaches",
            )
            return
        if any(map(graph.calls_indirectly, reachable(graph, [graph.index(func)], indirect=False).distance)):
            edit.note(f"{self.function!r} calls through tables", "whether that reaches imports was not looked at")

    def _reason(self, func: Func, earlier: Func | None) -> str:
        reasons = [f"after {called(earlier)}, the start function before"] if earlier is not None else []
        return "; ".join(reasons)

    def _drop(self, module: Module, edit: Editor) -> None:
        export = module.export(self.function)
        if export is None:
            raise RewriteError(f"drop-export: {self.function!r} is a name, not an export")
        edit.remove_export(export)
        edit.note(f"took away the export {self.function!r}")


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"
