"""Remove custom sections.

Before: sections ``.debug_info``, ``name``, ``producers``     After: ``name``, ``producers``, with ``pattern=.debug_*``
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from wasmrewrite.rewrite import ConfigError, Editor, Module, ModulePass, Promise, option

LONGEST_PATTERN: Final = 4096
"""Maximum length of a pattern, in characters: Python translates patterns in quadratic time."""


@dataclass(frozen=True, slots=True)
class StripCustom(ModulePass):
    """Remove the custom sections that match a pattern and are not to be kept. By default, what linking,
    loading or the component model needs is kept. In an object file, whose relocations refer to sections by index, a
    removal that would invalidate them is refused."""

    promises = Promise.IDEMPOTENT | Promise.SHRINKS

    pattern: tuple[str, ...] = option(
        help="glob patterns of section names to remove", show="'.debug_*'", default=("*",)
    )
    keep: tuple[str, ...] = option(
        help="glob patterns of section names to keep even if they match",
        show="name",
        default=("dylink", "dylink.0", "linking", "reloc.*", "component-type:*"),
    )

    def run(self, module: Module, edit: Editor) -> None:
        """Remove the sections."""
        if any(len(each) > LONGEST_PATTERN for each in (*self.pattern, *self.keep)):
            raise ConfigError(f"a pattern is longer than {LONGEST_PATTERN} characters")
        matching = [each for each in module.customs if _matches(each.name, self.pattern)]
        gone = [each for each in matching if not _matches(each.name, self.keep)]
        for custom in gone:
            edit.remove_custom(custom)
            edit.note(f"removed custom section {custom.name!r}", f"{len(custom.data)} bytes")
        for pattern in self.pattern:
            if not any(fnmatchcase(each.name, pattern) for each in (*gone, *module.customs)):
                edit.note(f"no custom section matches {pattern!r}")


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
