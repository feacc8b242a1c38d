"""Export the memory.

Before: ``(memory 1)``     After: ``(memory (export "memory") 1)``
"""

from dataclasses import dataclass

from wasmrewrite.rewrite import Editor, Module, ModulePass, RewriteError, option


@dataclass(frozen=True, slots=True)
class ExportMemory(ModulePass):
    """Export the first memory as ``name``."""

    name: str = option(help="name of the export", default="memory")

    def run(self, module: Module, edit: Editor) -> None:
        if not module.memories:
            raise RewriteError("the module has no memory")
        if module.export(self.name) is None:
            edit.export(self.name, module.memories[0])
            edit.note(f"memory 0 is exported as {self.name!r}")
