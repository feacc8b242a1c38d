"""Let instantiation run no function of the module.

Before: ``(start $init)``     After: nothing, or with ``export``: ``(export "init" (func $init))``
"""

from __future__ import annotations

from dataclasses import dataclass

from wasmrewrite.analysis import References
from wasmrewrite.rewrite import Editor, Module, ModulePass, Promise, called, option


@dataclass(frozen=True, slots=True)
class RemoveStart(ModulePass):
    """Take the start section away; the function stays, and may be exported instead."""

    promises = Promise.IDEMPOTENT

    export: str | None = option(help="export what was the start function under this name", show="NAME", default=None)

    def run(self, module: Module, edit: Editor) -> None:
        """Remove the start function."""
        if module.start is None:
            edit.note("there is no start function")
            return
        func = edit.remove_start()
        edit.note(f"instantiation no longer calls {called(func)}")
        if self.export is not None:
            edit.export(self.export, func)
            edit.note(f"exported it as {self.export!r}")
        elif func.index0 is None and References(module).first(func) is None:
            edit.remove(func)  # an earlier pass made it to be the start function
