"""The first half of a verdict, without running anything: what of the input is still there, up to the index maps.

Everything is compared; what is not the same is *changed* (code, whose behaviour has then to be shown equal), or
explained by a claim, or *unexplained*, which alone makes the verdict Different.

Not here: whether claims are true of the behavior (``script_runs``), custom sections (``customs``).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from ...contract import InstantiationCalls
from ...errors import ConfigError
from ...isa.immediates import Space
from ...model.instr import Expr
from ...model.items import Data, Elem, Export, Import, external_type
from ..behavior.values import parse_value
from ..by_value.claims import ByValue
from .bodies import BodyChange, CodeMatch
from .index_maps import Plan
from .module_view import LINKAGE, View, place


@dataclass(slots=True)
class Structure:
    """``same`` of ``total`` items of the input are in the output unchanged. Lists hold sentences.

    ``doubts``: what is explained by a claim, but cannot be compared.
    """

    total: int = 0
    same: int = 0
    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bodies: list[BodyChange] = field(default_factory=list)
    new_funcs: list[int] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def identical(self) -> bool:
        """Whether nothing that can run differs: what holds of the input then holds of the output."""
        return not (self.changed or self.unexplained or self.bodies or self.new_funcs)

    def to_json(self) -> dict[str, Any]:
        """For ``Verdict.to_json``."""
        lists = {
            "changed": self.changed,
            "added": self.added,
            "removed": self.removed,
            "unclaimed": self.unexplained,
            "notes": self.notes,
        }
        return {"items": self.total, "unchanged": self.same, **{name: list(each) for name, each in lists.items()}}


class Comparison:
    """Fills a ``Structure``, one kind of item after the other."""

    def __init__(self, old: View, new: View, plan: Plan, imports: dict[int, ByValue]) -> None:
        self.old = old
        self.new = new
        self.plan = plan
        self.by_value = imports
        self.code = CodeMatch(old, new, plan)
        self.found = Structure()

    def count(self, unchanged: bool) -> None:
        """Count one item of the input."""
        self.found.total += 1
        self.found.same += unchanged

    def run(self) -> Structure:
        """Compare everything but custom sections."""
        self.types()
        for space in LINKAGE:
            self.linked(space)
        self.elems()
        self.datas()
        self.exports()
        self.redirections()
        self.claimed_names()
        self.start()
        for space in (Space.TYPE, *LINKAGE, Space.ELEM, Space.DATA):
            self.additions(space)
        return self.found

    # --- types and everything that can be imported ------------------------------------------------------------------

    def types(self) -> None:
        count = len(self.new.module.types)
        for index in range(len(self.old.module.types)):
            new = self.plan.maps[Space.TYPE].new(index)
            if new is None:
                self.gone(Space.TYPE, index)
                continue
            same = new < count and self.old.type_key(index) is self.new.type_key(new)
            self.count(same)
            if not same:
                self.found.unexplained.append(f"type {index} is not the same as type {new} of the output")

    def gone(self, space: Space, index: int) -> None:
        self.count(False)
        what = f"{space.value} {index}"
        imported = space in LINKAGE and self.old.items(space)[index].imported
        claimed = self.plan.maps[space].declared
        if imported:
            origin: Import = self.old.items(space)[index].origin
            claimed = claimed and (origin.module, origin.name) in self.plan.removed_imports
            what += f" (import {origin})"
        (self.found.removed if claimed else self.found.unexplained).append(f"{what} was removed")

    def linked(self, space: Space) -> None:
        for index, before in enumerate(self.old.items(space)):
            new = self.plan.maps[space].new(index)
            if new is None:
                self.gone(space, index)
                continue
            after = self.new.items(space)[new]
            why = self.import_differs(before, after) or self.type_differs(space, index, new)
            if why:
                self.found.unexplained.append(f"{space.value} {index}: {why}")
            same = not why and self.definition(space, index, new)
            self.count(same and not (space is Space.FUNC and index in self.by_value))

    def import_differs(self, before: Any, after: Any) -> str:
        if before.imported is not after.imported:
            return "imported on one side only"
        if not before.imported:
            return ""
        expected = self.plan.new_import((before.origin.module, before.origin.name))
        actual = (after.origin.module, after.origin.name)
        return "" if expected == actual else f"import {before.origin} is import {after.origin} in the output"

    def type_differs(self, space: Space, old: int, new: int) -> str:
        if space is Space.FUNC and old in self.by_value:
            self.found.changed.append(f"function {old} (import {self.old.func(old).origin}) returns by value")
            return ""
        before, after = self.old.items(space)[old].type, self.new.items(space)[new].type
        if space in (Space.FUNC, Space.TAG):
            same = self.old.key(before) is self.new.key(after)
            before, after = before.composite, after.composite
        elif space is Space.TABLE:
            same = self.old.val_type(before.element) == self.new.val_type(after.element)
            same = same and before.limits == after.limits
        elif space is Space.GLOBAL:
            same = (self.old.val_type(before.value), before.mutable) == (self.new.val_type(after.value), after.mutable)
        else:
            same = before.limits == after.limits
        return "" if same else f"type {before} became {after}"

    def definition(self, space: Space, old: int, new: int) -> bool:
        if self.old.items(space)[old].imported:
            return True
        if space is Space.FUNC:
            change = self.code.body(old, new)
            if change is not None:
                self.found.bodies.append(change)
                self.found.changed.append(f"{self.old.func_name(old)} has other code")
            return change is None
        if space not in (Space.GLOBAL, Space.TABLE):
            return True
        same = self.code.expr(self.old.items(space)[old].origin, self.new.items(space)[new].origin)
        if not same:
            self.found.changed.append(f"{space.value} {old} has another initial value")
        return same

    def additions(self, space: Space) -> None:
        items = self.new.items(space)
        images = self.plan.maps[space].images(len(items))
        for index in (index for index, image in enumerate(images) if not image):
            what = f"{space.value} {index}"
            explained = self.plan.maps[space].declared or space in (Space.TYPE, Space.FUNC)
            if space in LINKAGE and items[index].imported:
                origin: Import = items[index].origin
                types, type = (
                    self.plan.added_imports.get((origin.module, origin.name), set()),
                    external_type(items[index]),
                )
                explained = type in types
                claimed = f", claimed as {', '.join(map(str, types))}" if types and not explained else ""
                what += f" (import {origin}, {type}{claimed})"
            elif space is Space.FUNC:
                self.found.new_funcs.append(index)
            (self.found.added if explained else self.found.unexplained).append(f"{what} was added")

    # --- segments ---------------------------------------------------------------------------------------------------

    def elems(self) -> None:
        for index, before in enumerate(self.old.module.elems):
            new = self.plan.maps[Space.ELEM].new(index)
            if new is None:
                self.gone(Space.ELEM, index)
                continue
            same = self.same_elem(before, self.new.module.elems[new])
            self.segment(f"elem segment {index}", before.mode, same)

    def same_elem(self, before: Elem, after: Elem) -> bool:
        return (
            before.mode == after.mode
            and self.old.val_type(before.type) == self.new.val_type(after.type)
            and self.mapped(Space.TABLE, before.table) == place(after.table)
            and self.code.expr(before.offset, after.offset)
            and self.elem_items(before, self.old, True) == self.elem_items(after, self.new, False)
        )

    def elem_items(self, elem: Elem, view: View, old: bool) -> list[object]:
        """The items in comparable form; a function index is the same as ``ref.func`` of it."""
        found: list[object] = []
        compare = self.code.expected if old else self.code.actual
        for item in elem.items:
            if isinstance(item, Expr):
                code = tuple(compare(raw) for raw in view.expr(item))
            else:
                index = place(item)
                code = (("ref.func", self.plan.funcs.use(index) if old else index),)
            if len(code) == 2 and len(code[0]) == 2 and code[0][0] == _REF_FUNC:
                code = (("ref.func", code[0][1]),)
            found.append(code)
        return found

    def datas(self) -> None:
        for index, before in enumerate(self.old.module.datas):
            new = self.plan.maps[Space.DATA].new(index)
            if new is None:
                self.gone(Space.DATA, index)
                continue
            same = self.same_data(before, self.new.module.datas[new])
            self.segment(f"data segment {index}", before.mode, same)

    def same_data(self, before: Data, after: Data) -> bool:
        return (
            before.mode == after.mode
            and self.mapped(Space.MEMORY, before.memory) == place(after.memory)
            and self.code.expr(before.offset, after.offset)
            and before.data == after.data
        )

    def segment(self, what: str, mode: str, same: bool) -> None:
        self.count(same)
        if not same:
            # What an active segment does is seen at instantiation; of others only a part may ever be used in a run.
            listed = self.found.changed if mode == "active" else self.found.unexplained
            listed.append(f"{what} has other contents or another place")

    def mapped(self, space: Space, item: Any) -> int:
        used = -1 if item is None else self.plan.maps[space].use(place(item))
        return -2 if used is None else used

    # --- exports and start ------------------------------------------------------------------------------------------

    def exports(self) -> None:
        after = {export.name: export for export in self.new.module.exports}
        explained: set[str] = set()
        for export in self.old.module.exports:
            explained |= self.export(export, after)
        for name, export in after.items():
            if name in explained:
                continue
            if name in self.plan.added_exports:
                self.alias(name, export, self.plan.added_exports[name])
            else:
                self.found.unexplained.append(f"export {name!r} ({export.item.space.value}) was added")
        before = [self.plan.new_export(export.name) for export in self.old.module.exports]
        kept = [name for name in before if name is not None]
        if [name for name in after if name in set(kept)] != [name for name in kept if name in after]:
            self.found.changed.append("exports are in another order")

    def alias(self, name: str, export: Export, same_as: str | None) -> None:
        """An export that was added. If it is said to be the same as another, calls can tell for functions only."""
        original = None if same_as is None else self.old.module.export(same_as)
        if same_as is None or (original is not None and self.alike(original.item, export.item)):
            self.found.added.append(f"export {name!r} was added")
        else:
            self.found.unexplained.append(f"export {name!r} is said to be {same_as!r}, but is of another type")

    def alike(self, before: Any, after: Any) -> bool:
        if before.space is not after.space:
            return False
        if before.space is Space.FUNC:
            return self.old.key(before.type) is self.new.key(after.type)
        return self.plan.maps[before.space].new(place(before)) == place(after)

    def claimed_names(self) -> None:
        """Claims speak of names that are there: what was added is in the output, what went away was in the input."""
        exports = (
            {export.name for export in self.old.module.exports},
            {export.name for export in self.new.module.exports},
        )
        imports = _import_names(self.old), _import_names(self.new)
        plan = self.plan
        claims: list[tuple[str, Iterable[object], Set[object]]] = [
            ("added: export", plan.added_exports, exports[1]),
            ("removed: export", plan.removed_exports, exports[0]),
            ("renamed: export", plan.renamed_exports, exports[0]),
            ("added: import", plan.added_imports, imports[1]),
            ("removed: import", plan.removed_imports, imports[0]),
            ("renamed: import", plan.renamed_imports, imports[0]),
        ]
        for what, names, there in claims:
            lost = sorted(str(name) for name in names if name not in there)
            self.found.unexplained += [f"claimed to be {what} {name}, but there is none" for name in lost]

    def redirections(self) -> None:
        """What stands for an item has to be alike: then calls can tell whether it does the same."""
        for space, mapping in self.plan.maps.items():
            for old, new in mapping.redirects.items():
                why = self.stands_for(space, old, new)
                if why:
                    what = space.value
                    self.found.unexplained.append(f"{what} {old} is redirected to {what} {new} of {why}")

    def stands_for(self, space: Space, old: int, new: int) -> str:
        """Of what else than input item ``old`` output item ``new`` is, empty if it can stand for it."""
        if space is Space.TYPE:
            return "" if self.old.type_key(old) is self.new.type_key(new) else "another shape"
        if space is Space.FUNC:
            same = self.old.key(self.old.func(old).type) is self.new.key(self.new.func(new).type)
            return "" if same else "another type"
        if space in LINKAGE:
            return "another type" if self.type_differs(space, old, new) else ""
        compare = self.same_elem if space is Space.ELEM else self.same_data
        return "" if compare(self.old.items(space)[old], self.new.items(space)[new]) else "other contents"

    def export(self, export: Export, after: dict[str, Export]) -> set[str]:
        """Compare one export of the input; return the output's exports that this explains."""
        name = self.plan.new_export(export.name)
        if name is None:
            self.count(False)
            if export.name in after:
                self.found.unexplained += self.still_there(export, after[export.name])
            self.found.removed.append(f"export {export.name!r} was removed")
            return set()
        if name not in after:
            self.count(False)
            self.found.unexplained.append(f"export {export.name!r} is missing")
            return set()
        space, index = export.item.space, place(export.item)
        new_space, new_index = after[name].item.space, place(after[name].item)
        if export.name in self.plan.values:
            return self.by_value_export(export, after)
        same = space is new_space and new_index in (self.plan.maps[space].new(index), self.plan.maps[space].use(index))
        if same and space is Space.FUNC:
            # The import behind it may return by value now: what is exported has to keep its type, unless claimed.
            same = self.alike(export.item, after[name].item)
        self.count(same and name == export.name)
        if not same:
            self.found.unexplained.append(f"export {export.name!r} names another {space.value}")
        return {name}

    def still_there(self, export: Export, now: Export) -> list[str]:
        """What is wrong with an export that is said to be removed, but of which the output has one of the same name.

        Whoever uses it by its name gets the other one: that has to be the same, or a function that calls can compare.
        """
        if export.name not in self.plan.added_exports:
            return [f"export {export.name!r} is there although it is said to be removed"]
        if self.alike(export.item, now.item):
            return []
        kind = export.item.space.value
        return [f"export {export.name!r} is said to be removed and added, but is not the {kind} that it was"]

    def by_value_export(self, export: Export, after: dict[str, Export]) -> set[str]:
        """One that returns by value now, perhaps under several names; the original may keep its own."""
        names = self.plan.values[export.name]
        self.count(False)
        self.found.changed.append(f"export {export.name!r} returns by value")
        kept = after.get(export.name) if export.name not in names else None
        if kept is not None and export.name in self.plan.removed_exports:
            self.found.unexplained.append(f"export {export.name!r} is there although it is said to be removed")
        elif kept is not None and not self.alike(export.item, kept.item):
            self.found.unexplained.append(f"export {export.name!r} names another {export.item.space.value}")
        return {*names, export.name}

    def start(self) -> None:
        before, after = place(self.old.module.start), place(self.new.module.start)
        claimed = bool(self.plan.calls or self.plan.no_longer)
        if before < 0 and after < 0:
            if claimed:
                self.found.unexplained.append("claims speak of a start function, but neither side has one")
            return
        expected = {-1} if before < 0 else {self.plan.funcs.new(before), self.plan.funcs.use(before)}
        same = after in expected
        if before >= 0:
            self.count(same and not claimed)
        if self.plan.no_longer and self.plan.no_longer[0] != before:
            self.found.unexplained.append(f"function {self.plan.no_longer[0]} is no start function of the input")
        if self.plan.calls and after < 0:
            self.found.unexplained.append("instantiation is said to call a function, but the output has no start")
        if self.plan.calls and before >= 0 and same:
            self.found.unexplained.append("instantiation is said to call a function, but the start is the input's")
        self.found.unexplained += filter(None, map(self.call_fits, self.plan.calls))
        if not claimed and not same:
            self.found.unexplained.append(f"the start function is {_start(after)} instead of {_start(before)}")
        if claimed:
            self.found.changed.append(f"the start function is {_start(after)} instead of {_start(before)}")

    def call_fits(self, claim: InstantiationCalls) -> str:
        params = [str(kind) for kind in self.old.func_type(claim.old).params]
        try:
            kinds = [parse_value(arg).kind for arg in claim.args]
        except ConfigError as error:
            return error.message
        takes = f"function {claim.old} takes ({' '.join(params)}), not ({' '.join(claim.args)})"
        return "" if kinds == params else takes


def _import_names(view: View) -> set[tuple[str, str]]:
    names = (item.imported_as() for item in view.module.imports)
    return {(name.module, name.name) for name in names}


def _start(index: int) -> str:
    return "none" if index < 0 else f"function {index}"


_REF_FUNC = 0xD2


def sentences(found: Structure) -> Iterable[str]:
    """What is not as it was, in the order it matters."""
    yield from found.unexplained
    yield from found.changed
    yield from found.added
    yield from found.removed
