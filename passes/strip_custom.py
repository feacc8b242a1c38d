"""Leave custom sections out.

Before: sections ``.debug_info``, ``name``, ``producers``     After: ``name``, ``producers``, with ``pattern=.debug_*``
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from wasmrewrite.rewrite import Editor, Module, ModulePass, Promise, option


@dataclass(frozen=True, slots=True)
class StripCustom(ModulePass):
    """Remove the custom sections that match a pattern and are not to be kept. By default only those stay that linking,
    loading or the component model need. In an object file, whose relocations name sections by their number, only what
    they do not mind is removed; the rest is refused."""

    promises = Promise.IDEMPOTENT | Promise.SHRINKS

    pattern: tuple[str, ...] = option(
        help="shell patterns of section names to remove", show="'.debug_*'", default=("*",)
    )
    keep: tuple[str, ...] = option(
        help="shell patterns of section names to keep all the same",
        show="name",
        default=("dylink", "dylink.0", "linking", "reloc.*", "component-type:*"),
    )

    def run(self, module: Module, edit: Editor) -> None:
        """Remove sections."""
        matching = [each for each in module.customs if _matches(each.name, self.pattern)]
        gone = [each for each in matching if not _matches(each.name, self.keep)]
        for custom in gone:
            edit.remove_custom(custom)
            edit.note(f"removed custom section {custom.name!r}", f"{len(custom.data)} bytes")
        for pattern in self.pattern:
            if not any(fnmatchcase(each.name, pattern) for each in (*gone, *module.customs)):
                edit.note(f"no custom section is called {pattern!r}")


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
