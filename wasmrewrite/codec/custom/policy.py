"""What becomes of custom sections when a module is rewritten: one table, and nothing but the table decides.

Not here: doing it. Whoever writes a module says what changed and obeys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final, NamedTuple


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


class Action(IntEnum):
    """What to do, from harmless to strict; among several the strictest holds."""

    KEEP = 0
    REMAP = 1
    DROP = 2
    REFUSE = 3


class Decision(NamedTuple):
    """What to do and why; an empty ``reason`` means that there is nothing to tell the user."""

    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The decisions for sections whose name matches ``pattern`` (shell style); changes not listed: keep in silence."""

    pattern: str
    decisions: Mapping[Change, Decision] = field(default_factory=lambda: MappingProxyType({}))


def _on(changes: Iterable[Change], action: Action, reason: str) -> dict[Change, Decision]:
    return dict.fromkeys(changes, Decision(action, reason))


_CODE: Final = (Change.CODE_MOVED, Change.CODE_CHANGED)
_RENAMED: Final = _on(
    (Change.NAMES,), Action.KEEP, "it may still speak of imports or exports by their old names or types"
)

POLICY: Final = (
    Rule("name", _on((Change.INDICES, Change.GLOBALS, Change.CODE_CHANGED), Action.REMAP, "")),
    Rule("producers"),
    Rule("target_features", _on((Change.FEATURES,), Action.REMAP, "a feature was added")),
    Rule("linking", _on(Change, Action.REFUSE, "its symbols and offsets hold only for the object as it was compiled")),
    Rule("reloc.*", _on(Change, Action.REFUSE, "relocations hold only for the object as it was compiled")),
    Rule(
        "dylink.0",
        _on((Change.DATA_MOVED,), Action.REFUSE, "it tells the loader the size of memory and table")
        | _on((Change.NAMES,), Action.REFUSE, "it lists imports and exports by name"),
    ),
    Rule(
        ".debug_*",
        _on((Change.CODE_MOVED,), Action.DROP, "code moved, its addresses would lie")
        | _on((Change.GLOBALS,), Action.DROP, "globals were renumbered, its locations would lie")
        | _on((Change.CODE_CHANGED,), Action.KEEP, "it describes rewritten functions as they were"),
    ),
    Rule("sourceMappingURL", _on((Change.FILE_MOVED,), Action.DROP, "the map outside counts offsets of the file")),
    Rule("external_debug_info", _on(_CODE, Action.DROP, "the twin file describes code that is elsewhere now")),
    Rule(
        "build_id",
        _on((*_CODE, Change.INDICES, Change.GLOBALS, Change.DATA_MOVED), Action.DROP, "it identifies the build before"),
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


def decide(name: str, changes: Iterable[Change]) -> Decision:
    """What to do with the custom section ``name`` after ``changes``: the strictest of its rule's decisions."""
    decisions = rule_of(name).decisions
    found = [decisions[change] for change in Change if change in set(changes) and change in decisions]
    return max(found, key=lambda decision: decision.action, default=Decision(Action.KEEP))
