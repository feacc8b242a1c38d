"""Make instantiation run no function of the module.

Before: ``(start $init)``     After: nothing, or with ``export``: ``(export "init" (func $init))``
"""

from __future__ import annotations

from dataclasses import dataclass

from wasmrewrite.analysis import References
from wasmrewrite.rewrite import Editor, Module, ModulePass, Promise, called, option


@dataclass(frozen=True, slots=True)
class RemoveStart(ModulePass):
    """Remove the start section; the function is kept, and can be exported instead."""

    promises = Promise.IDEMPOTENT

    export: str | None = option(help="export the former start function under this name", show="NAME", default=None)

    def run(self, module: Module, edit: Editor) -> None:
        """Remove the start function."""
        if module.start is None:
            edit.note("the module has no start function")
            return
        func = edit.remove_start()
        edit.note(f"removed start function {called(func)}")
        if self.export is not None:
            edit.export(self.export, func)
            edit.note(f"exported the function as {self.export!r}")
        elif func.index0 is None and References(module).first(func) is None:
            edit.remove(func)  # an earlier pass added it as the start function
