"""What becomes of custom sections when a module is rewritten: one table, and nothing but the table decides.

A decision may depend on what a section holds: one that lists no imports does not mind that one is renamed. Not here:
doing it. Whoever writes a module says what happened and obeys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from ...model.layout import SECTIONS
from .dylink import EXPORTS, IMPORTS, MEMORY_INFO
from .linking import RELOC_PREFIX, named_sections

_MODULE_SECTIONS: Final = frozenset(SECTIONS.values())


class Change(Enum):
    """A kind of change. One edit is often several: a wrapper put in front of all functions moves code and indices."""

    INDICES = "indices"  # some item has another index than before
    GLOBALS = "globals"  # ... a global
    CODE_MOVED = "code_moved"  # bytes of unchanged bodies stand elsewhere in the code section
    CODE_CHANGED = "code_changed"  # instructions or locals of an old body differ
    FILE_MOVED = "file_moved"  # code stands elsewhere in the file
    NAMES = "names"  # an import or export was renamed, re-typed or removed
    DATA_MOVED = "data_moved"  # data segments or tables grew, moved or went
    FEATURES = "features"  # instructions of another feature are used now
    SECTIONS = "sections"  # a section is gone, holds something else, or is not the same in number any more


@dataclass(frozen=True)
class Happened:
    """What a rewrite did.

    ``names`` are those of the input's imports (module and name) and exports (None and name) that are gone, renamed or
    re-typed. ``gone`` are sections of the input that are gone or hold something else, by their number in the file;
    ``moved`` are the numbers of those that have another number now.
    """

    changes: frozenset[Change]
    names: frozenset[tuple[str | None, str]] = frozenset()
    gone: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    moved: frozenset[int] = frozenset()

    def disturbs(self, section: int) -> bool:
        """Whether the section of that number is gone, holds something else or has another number."""
        return section in self.gone or section in self.moved

    @cached_property
    def gone_names(self) -> frozenset[str]:
        """What the sections that are gone or hold something else are called."""
        return frozenset(self.gone.values())

    @cached_property
    def debug_gone(self) -> bool:
        """Whether DWARF is among them."""
        return any(name.startswith(".debug_") for name in self.gone_names)

    @cached_property
    def linked_gone(self) -> bool:
        """Whether a section of the module itself, or relocations, are among them."""
        return any(name.startswith(RELOC_PREFIX) or name in _MODULE_SECTIONS for name in self.gone_names)


Concern: TypeAlias = Callable[[Any, Happened], bool]
"""Whether what happened concerns a section, by its record: None if the section cannot be read, or nobody knows how."""


class Action(IntEnum):
    """What to do, from harmless to strict; among several the strictest holds."""

    KEEP = 0
    REMAP = 1
    DROP = 2
    REFUSE = 3


class Decision(NamedTuple):
    """What to do and why; an empty ``reason`` means that there is nothing to tell the user.

    With ``concerns``, only if that says so.
    """

    action: Action
    reason: str = ""
    concerns: Concern | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The decisions for sections whose name matches ``pattern`` (shell style); changes not listed: keep in silence."""

    pattern: str
    decisions: Mapping[Change, Decision] = field(default_factory=lambda: MappingProxyType({}))


def _on(
    changes: Iterable[Change], action: Action, reason: str, concerns: Concern | None = None
) -> dict[Change, Decision]:
    return dict.fromkeys(changes, Decision(action, reason, concerns))


# --- what a section holds ---------------------------------------------------------------------------------------------


def _sizes_memory(record: Any, happened: Happened) -> bool:
    return record is None or any(part["id"] == MEMORY_INFO or part["problem"] for part in record)


def _lists_names(record: Any, happened: Happened) -> bool:
    """Whether ``dylink.0`` lists one of the names, as far as one can tell."""
    if record is None or any(part["problem"] for part in record):
        return True
    for part in record:
        if part["id"] == IMPORTS and any((each.module, each.name) in happened.names for each in part["contents"]):
            return True
        if part["id"] == EXPORTS and any((None, each.name) in happened.names for each in part["contents"]):
            return True
    return False


def _symbols_disturbed(record: Any, happened: Happened) -> bool:
    """Whether ``linking`` names a section that is not what it was, or relocations are."""
    named = None if record is None else named_sections(record)
    return happened.linked_gone or named is None or any(map(happened.disturbs, named))


def _target_disturbed(record: Any, happened: Happened) -> bool:
    """Whether what ``reloc.*`` is about, or the table of its symbols, is not what it was."""
    return record is None or happened.disturbs(record["target"]) or "linking" in happened.gone_names


def _refers_to_gone(record: Any, happened: Happened) -> bool:
    return happened.debug_gone


_ALL: Final = frozenset(Change) - {Change.SECTIONS}
_CODE: Final = (Change.CODE_MOVED, Change.CODE_CHANGED)
_RENAMED: Final = _on(
    (Change.NAMES,), Action.KEEP, "it may still speak of imports or exports by their old names or types"
)
_AS_COMPILED: Final = (
    "hold only for the object as it was compiled; rewrite the linked module instead, or remove 'linking' and "
    "'reloc.*' too"
)
_SIZES: Final = _on(
    (Change.DATA_MOVED,), Action.REFUSE, "it tells the loader the size of memory and table", _sizes_memory
)
_OLD_CODE: Final = _on((Change.CODE_CHANGED,), Action.KEEP, "it describes rewritten functions as they were")

POLICY: Final = (
    Rule("name", _on((Change.INDICES, Change.GLOBALS, Change.CODE_CHANGED), Action.REMAP, "")),
    Rule("producers"),
    Rule("target_features", _on((Change.FEATURES,), Action.REMAP, "a feature was added")),
    Rule(
        "linking",
        _on(_ALL, Action.REFUSE, f"its symbols and offsets {_AS_COMPILED}")
        | _on((Change.SECTIONS,), Action.REFUSE, f"its symbols and relocations {_AS_COMPILED}", _symbols_disturbed),
    ),
    Rule(
        "reloc.*",
        _on(_ALL, Action.REFUSE, f"relocations {_AS_COMPILED}")
        | _on(
            (Change.SECTIONS,),
            Action.REFUSE,
            f"relocations name their section by its number, and {_AS_COMPILED}",
            _target_disturbed,
        ),
    ),
    Rule(
        "dylink.0",
        _SIZES | _on((Change.NAMES,), Action.REFUSE, "it lists an import or export by the old name", _lists_names),
    ),
    Rule("dylink", _on((Change.DATA_MOVED,), Action.REFUSE, "it tells the loader the size of memory and table")),
    Rule(
        ".debug_*",
        _on((Change.CODE_MOVED,), Action.DROP, "code moved, its addresses would lie")
        | _on((Change.GLOBALS,), Action.DROP, "globals were renumbered, its locations would lie")
        | _on((Change.SECTIONS,), Action.KEEP, "a section that it may refer to is gone", _refers_to_gone)
        | _OLD_CODE,
    ),
    Rule(
        "sourceMappingURL",
        _on((Change.FILE_MOVED,), Action.DROP, "code moved, the offsets in the map would lie") | _OLD_CODE,
    ),
    Rule(
        "external_debug_info",
        _on((Change.CODE_MOVED,), Action.DROP, "code moved, the addresses in the twin file would lie")
        | _on((Change.GLOBALS,), Action.DROP, "globals were renumbered, the locations in the twin file would lie")
        | _OLD_CODE,
    ),
    Rule(
        "build_id",
        _on(
            (*_CODE, Change.FILE_MOVED, Change.INDICES, Change.GLOBALS, Change.DATA_MOVED),
            Action.DROP,
            "it identifies the build before",
        ),
    ),
    Rule(
        "metadata.code.branch_hint",
        _on((Change.INDICES,), Action.REMAP, "")
        | _on((Change.CODE_CHANGED,), Action.REMAP, "hints in rewritten functions are left out"),
    ),
    Rule(
        "metadata.code.*",
        _on((Change.INDICES,), Action.REMAP, "")
        | _on((Change.CODE_CHANGED,), Action.DROP, "code it annotates changed"),
    ),
    Rule("component-type:*", _RENAMED),
    Rule("__wasm_bindgen_unstable", _RENAMED),
    Rule("contractspecv0", _RENAMED),
    Rule("contractmetav0", _RENAMED),
    Rule("contractenvmetav0", _RENAMED),
    Rule("core"),  # core dumps speak of another module
    Rule("corestack"),
    Rule("coremodules"),
    Rule("coreinstances"),
    Rule("*", _on((Change.INDICES, *_CODE), Action.KEEP, "unknown section, kept as it was")),
)
"""First match holds."""


def rule_of(name: str) -> Rule:
    """The rule for the custom section ``name``."""
    return next(rule for rule in POLICY if fnmatchcase(name, rule.pattern))


def decide(name: str, happened: Happened, record: Any = None) -> Decision:
    """What to do with the custom section ``name``: the strictest of its rule's decisions.

    ``record`` is what the section holds, None if that is not known.
    """
    decisions = rule_of(name).decisions
    found = [decisions[change] for change in Change if change in happened.changes and change in decisions]
    found = [each for each in found if each.concerns is None or each.concerns(record, happened)]
    return max(found, key=lambda decision: decision.action, default=Decision(Action.KEEP))


def reads_record(name: str) -> bool:
    """Whether a decision about the section ``name`` depends on what it holds."""
    return any(decision.concerns is not None for decision in rule_of(name).decisions.values())
