"""Remarks about what runs when a module is instantiated, and what hosts have to call after that.

Not here: other remarks (``remarks``), what speaks against a start function (``analysis.starting``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Body, Func
from .examined import Examined
from .remark import Remark

_INITIALIZE: Final = "_initialize"
_SHARED: Final = "memory is shared: each thread that instantiates the module runs it again"
_PLACING: Final = frozenset(
    {"global.get", "global.set", "i32.const", "i32.add", "i64.const", "i64.add", "memory.fill", "end"}
)


class Starts:
    """Remarks about the start function and initializers of one module."""

    def __init__(self, about: Examined) -> None:
        self.about = about
        self.module = about.module

    def _see(self, func: str) -> tuple[str, ...]:
        return ("callgraph", self.about.path, "--from", func)

    # --- the start function -----------------------------------------------------------------------------------------

    def running(self) -> Iterator[Remark]:
        """What instantiation runs."""
        start = self.module.start
        if start is None:
            return
        index = self.module.funcs.index(start)
        evidence = [f"it is function {self.about.names.words(index)}", *self._role(start), *self._reached(start)]
        what = "the module runs a start function when it is instantiated"
        yield Remark("start", "note", what, tuple(evidence), self._see(str(index)), "start")

    def _reached(self, func: Func) -> list[str]:
        """What running a function before there is an instance means for the host."""
        from ..analysis import imports_reached

        reached = len(imports_reached(self.about.graph, func))
        if not reached:
            return []
        return [f"it can call {reached} import{'s' * (reached > 1)}, which must not need the instance yet"]

    def _role(self, func: Func) -> list[str]:
        """What linkers have such a function for, by the instructions in it; else what shared memory means for it."""
        from ..analysis import shares_memory

        shared = [_SHARED] if shares_memory(self.module) else []
        if not isinstance(func.origin, Body) or func.origin.span is None or len(func.origin.expr) > 1000:
            return shared
        names = {instr.op.name for instr in func.origin.expr}
        if "memory.init" in names and shared:
            return ["it copies data into memory: the linker's, for threads that share one"]
        if names <= _PLACING and self.about.is_dynamic:
            return ["it works out addresses: the linker's, for a module that can be loaded anywhere"]
        return shared

    # --- initializers -----------------------------------------------------------------------------------------------

    def initializers(self) -> Iterator[Remark]:
        """What hosts have to call first, or that it is a program."""
        exported = self.about.exported
        if "_start" in exported:
            what = "it is a program for WASI: export '_start' runs it"
            yield Remark("start", "note", what, (), ("run", self.about.path), "program")
        func = exported.get(_INITIALIZE)
        if func is not None:
            yield self._twice(func) if self._run_at_start(func) else self._uncalled(func)
        if "__wbindgen_start" in exported and self.module.start is None:
            what = "export '__wbindgen_start' has to be called before any other: wasm-bindgen's JavaScript does that"
            yield Remark("start", "note", what, (), self._see("__wbindgen_start"), "glue", "__wbindgen_start")

    def _uncalled(self, func: Func) -> Remark:
        """An initializer that is the host's business. Where hosts may not call it, nothing is left to call twice."""
        what = f"export '{_INITIALIZE}' has to be called before any other, instantiation does not run it"
        against = self._obstacles(func)
        evidence = against or ("hosts that know WASI reactors do that; for others instantiation can do it instead",)
        command = self._see(_INITIALIZE) if against else self._without_export()
        return Remark("start", "note", what, evidence, command, "initializer", _INITIALIZE)

    def _obstacles(self, func: Func) -> tuple[str, ...]:
        """Why not to let instantiation run it instead."""
        from ..analysis import start_obstacles

        against = []
        if "_start" in self.about.exported:
            against.append("hosts take the module for a program and call '_start'")
        if any(maker.name == "Emscripten" for maker in self.about.makers):
            against.append("Emscripten's JavaScript calls it")
        if self.about.is_dynamic:
            against.append("dynamic loaders call it when they have placed the module")
        return (*against, *start_obstacles(self.about.graph, func))

    def _twice(self, func: Func) -> Remark:
        """An initializer that instantiation runs, and that hosts which know reactors run again."""
        from ..rewrite import steps

        what = f"instantiation runs export '{_INITIALIZE}', and hosts that know WASI reactors run it again"
        exact = any(step.func is func and not step.values for step in steps(self.module))
        command = self._without_export() if exact else self._see(_INITIALIZE)
        evidence = ("the second run may trap, or undo what has been done since",)
        return Remark("start", "warning", what, evidence, command, "initializer-twice", _INITIALIZE)

    def _without_export(self) -> tuple[str, ...]:
        return self.about.rewrite("add-start", f"function={_INITIALIZE}", "remove-export=true")

    def _run_at_start(self, func: Func) -> bool:
        start = self.module.start
        if start is None or start is func:
            return start is func
        graph = self.about.graph
        return graph.index(func) in graph.callees(graph.index(start))
