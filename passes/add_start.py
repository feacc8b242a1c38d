"""Make a function run at instantiation.

Before: ``(export "main" (func $main))``     After: the same, and ``(start $main)``

An existing start function runs first, then this one. A function with parameters needs ``args``; results are dropped.
A start function runs before the host can access any export, so the imports it calls must not need one; and it runs once
per instance, so once per thread if memory is shared. A second run changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wasmrewrite.analysis import CallGraph, nearest_import, reachable, shares_memory
from wasmrewrite.rewrite import (
    Calls,
    Editor,
    Func,
    Instr,
    Module,
    ModulePass,
    Promise,
    RewriteError,
    Step,
    called,
    constant,
    did_you_mean,
    find_func,
    func_type,
    option,
    steps,
)

_CALLED_BY_HOSTS: Final = frozenset(
    {"_initialize", "_start", "__wasm_call_ctors", "__wbindgen_start", "__post_instantiate"}
)
"""Exports that hosts call by convention after they have instantiated a module."""


@dataclass(frozen=True, slots=True)
class AddStart(ModulePass):
    """Run ``function`` as the last step of instantiation; an existing start function runs first."""

    needs = (CallGraph,)
    promises = Promise.IDEMPOTENT

    function: str = option(help="export name or function name", show="NAME")
    args: tuple[str, ...] = option(help="one constant argument per parameter", show="i32:5", default=())
    remove_export: bool = option(help="remove the function's export", default=False)

    def run(self, module: Module, edit: Editor) -> None:
        """Set the start function."""
        if self.remove_export and module.export(self.function) is None:
            self._refuse_unless_done(module, edit)
            return
        func = find_func(module, self.function)
        values = self._values(func)
        if self._runs(module, func, values):
            edit.note(f"{self.function!r} already runs at instantiation")
        else:
            self._start(module, edit, Step(func, tuple(instr for instr, _ in values), module.start))
            edit.claim(Calls(func, tuple(text for _, text in values)))
        if self.remove_export:
            self._remove_export(module, edit)

    def _values(self, func: Func) -> list[tuple[Instr, str]]:
        params = func_type(func.type).params
        if len(params) != len(self.args):
            raise RewriteError(
                f"{self.function!r} takes {len(params)} parameters ({func_type(func.type)}), "
                f"but {len(self.args)} constants were given; set args once per parameter"
            )
        return [constant(text, type) for text, type in zip(self.args, params, strict=True)]

    @staticmethod
    def _runs(module: Module, func: Func, values: list[tuple[Instr, str]]) -> bool:
        wanted = tuple(instr for instr, _ in values)
        return any(step.func is func and step.values == wanted for step in steps(module))

    def _start(self, module: Module, edit: Editor, step: Step) -> None:
        """Make the function itself the start function if its type allows it, else add a new one that calls it."""
        self._warn_of_imports(edit, step.func)
        self._warn_of_more_runs(module, edit)
        if step.plain:
            edit.set_start(step.func)
        else:
            edit.set_start(edit.add_func(edit.type(()), (), step.code().instrs, f"start {self.function}"))
        reason = "" if step.earlier is None else f"after the previous start function, {called(step.earlier)}"
        edit.note(f"{self.function!r} runs at instantiation", reason)

    # --- warnings ---------------------------------------------------------------------------------------------------

    def _warn_of_imports(self, edit: Editor, func: Func) -> None:
        """Warn of imports that are called before the host has the instance: it cannot serve those that need an export.

        Only direct calls are followed: through tables most functions seem to reach most imports.
        """
        graph = edit.ask(CallGraph)
        found = nearest_import(graph, func)
        if found is not None:
            target, way = found
            reached = f"{self.function!r} can call the import '{target.origin}', {_calls(len(way))} away"
            edit.warn(
                reached if way else f"'{target.origin}' is an import",
                "it runs before the host can access any export, including memory; see 'callgraph --from'",
            )
            return
        if any(map(graph.calls_indirectly, reachable(graph, [graph.index(func)], indirect=False).distance)):
            edit.note(f"{self.function!r} calls through tables", "indirect calls were not followed")

    def _warn_of_more_runs(self, module: Module, edit: Editor) -> None:
        """Warn of unintended runs: in instances of other threads, and by hosts that call initializers by convention."""
        if shares_memory(module):
            edit.warn(
                "memory is shared",
                f"each thread that instantiates the module runs {self.function!r} again, on the same memory",
            )
        if self.function in _CALLED_BY_HOSTS and not self.remove_export and module.export(self.function) is not None:
            edit.warn(
                f"hosts may also call export {self.function!r}, which would run it twice",
                "remove-export=true removes the export",
            )

    # --- the export -------------------------------------------------------------------------------------------------

    def _remove_export(self, module: Module, edit: Editor) -> None:
        export = module.export(self.function)
        assert export is not None  # run looked
        edit.remove_export(export)
        edit.note(f"removed export {self.function!r}")

    def _refuse_unless_done(self, module: Module, edit: Editor) -> None:
        """Accept a missing export if the start function already does what is wanted: an earlier run removed the export.

        The name of a removed export is only known if the name section contains it. Raises ``RewriteError`` if the start
        function does not do it, or if a different function has the name.
        """
        done = [step.func for step in steps(module) if self._fits(step)]
        try:
            named = find_func(module, self.function)
        except RewriteError:
            if not done:
                raise
            exports = [each.name for each in module.exports if isinstance(each.item, Func)]
            close = did_you_mean(self.function, exports)
            edit.warn(
                f"export {self.function!r} is missing, and instantiation already runs {called(done[0])}",
                "taken as the result of an earlier run" + (close if close.startswith(";") else ""),
            )
            return
        if named not in done:
            raise RewriteError(f"remove-export: {self.function!r} is a name, not an export")
        edit.note(f"instantiation already runs {self.function!r}, which is not exported")

    def _fits(self, step: Step) -> bool:
        """True if a step calls its function with the given constants."""
        try:
            return step.values == tuple(instr for instr, _ in self._values(step.func))
        except RewriteError:  # the parameters do not match the constants
            return False


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"
