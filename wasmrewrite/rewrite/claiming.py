"""From edits to a contract. Passes speak of items; names and indices are filled in once, at the end.

What was renamed, added, removed or moved is read off the module as it stands, so that passes that undo one another
leave no claim behind. Not here: what claims mean (``contract``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ..codec import Written, frame
from ..contract import (
    Added,
    Claim,
    Contract,
    CustomChanged,
    DeclaredType,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    NameChanged,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
)
from ..errors import RewriteError
from ..isa.immediates import MODULE_SPACES, Space
from ..model import Export, Func, Import, Item, Memory, Module, external_type


@dataclass(frozen=True, slots=True)
class Calls:
    """Instantiation also calls ``func``, with typed values in text such as ``i32:5``."""

    func: Func
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoLongerCalls:
    """Instantiation does not call the start function ``func`` any more."""

    func: Func


@dataclass(frozen=True, slots=True)
class ByValue:
    """``old`` wrote ``result`` through a pointer, ``new`` returns it: two exports (or one), or an import twice."""

    old: Export | Func
    new: Export | Func
    result: DeclaredType
    pointer: int
    memory: Memory


Meant: TypeAlias = Calls | NoLongerCalls | ByValue | Claim


@dataclass(slots=True)
class History:
    """What the module was where it has changed: names of exports and imports; reasons, by custom section."""

    exports: dict[Export, str] = field(default_factory=dict)
    export_items: dict[Export, Item] = field(default_factory=dict)
    imports: dict[Item, Import] = field(default_factory=dict)
    customs: dict[str, str] = field(default_factory=dict)
    stack_pointer: int | None = None


_NAME: Final = "name"
_SPACES: Final = tuple(space for space in Space if space in MODULE_SPACES)


def contract_of(module: Module, meant: Sequence[Meant], history: History, written: Written) -> Contract:
    """The contract of everything done to ``module``. Raises ``RewriteError`` for claims on what the input has not."""
    claims = _Claims(module, history, written)
    return Contract(
        maps=tuple(_maps(module, written)),
        redirected=tuple(_redirected(module, written)),
        claims=(*claims.meant(meant), *claims.exports(meant), *claims.imports(), *claims.names(), *claims.customs()),
        stack_pointer=history.stack_pointer,
    )


def input_index(item: Item, what: str = "") -> int:
    """The input's index of an item. Raises ``RewriteError`` if a pass added it."""
    if item.index0 is None:
        what = what or f"a {item.space.value}"
        raise RewriteError(f"{what} was added by an earlier pass, so nothing can be claimed of it; change the order")
    return item.index0


def _maps(module: Module, written: Written) -> Iterator[IndexMap]:
    """A map for every space that is not as it was."""
    for space in _SPACES:
        remaining = written.spaces.remaining(space)
        if remaining is not None:
            yield IndexMap(space.value, tuple(runs(remaining)))
        elif written.spaces.resized(space):
            yield IndexMap(space.value, (Run(0, 0, len(module.source.frozen(space))),))


def runs(mapping: Mapping[int, int]) -> Iterator[Run]:
    """Old → new indices, ascending, as runs."""
    start: Run | None = None
    for old, new in sorted(mapping.items()):
        if start is not None and old - start.old == start.count == new - start.new:
            start = Run(start.old, start.new, start.count + 1)
            continue
        if start is not None:
            yield start
        start = Run(old, new, 1)
    if start is not None:
        yield start


def _redirected(module: Module, written: Written) -> Iterator[Redirected]:
    frozen = (old for old in module.edits.redirected if old.index0 is not None)
    for old in sorted(frozen, key=lambda old: int(old.index0)):
        yield Redirected(old.space.value, old.index0, written.index_of(module.edits.target(old)))


@dataclass(frozen=True, slots=True)
class _Claims:
    module: Module
    history: History
    written: Written

    def name(self, export: Export) -> str:
        """The name in the input."""
        return self.history.exports.get(export, export.name)

    def meant(self, meant: Sequence[Meant]) -> Iterator[Claim]:
        now = set(self.module.exports) if any(isinstance(each, ByValue) for each in meant) else set()
        for each in meant:
            if isinstance(each, Calls):
                yield InstantiationCalls(input_index(each.func, "the function to run at instantiation"), each.args)
            elif isinstance(each, NoLongerCalls):
                yield InstantiationNoLongerCalls(input_index(each.func))
            elif not isinstance(each, ByValue):
                yield each
            elif not isinstance(each.new, Export) or each.new in now:
                yield self.by_value(each)

    def by_value(self, meant: ByValue) -> Claim:
        shared: dict[str, Any] = {"result": meant.result, "pointer": meant.pointer, "memory": input_index(meant.memory)}
        if isinstance(meant.old, Export) and isinstance(meant.new, Export):
            name = self.original(meant.old)
            return ReturnsByValue("export", name, new_name=None if meant.new.name == name else meant.new.name, **shared)
        if isinstance(meant.old, Func) and isinstance(meant.new, Func):
            origin = self.history.imports.get(meant.old, meant.old.origin)
            if isinstance(origin, Import):
                old, new = input_index(meant.old), self.written.index_of(meant.new)
                return ReturnsByValue("import", origin.name, module=origin.module, old=old, new=new, **shared)
        raise RewriteError("a result is claimed by value of what is neither an export nor an import")

    def original(self, export: Export) -> str:
        """The input's name of what an export named before it returned by value, the first if there are several."""
        if export in self.module.source.exports():
            return self.name(export)
        name = self.named().get(self.history.export_items.get(export, export.item))
        if name is None:
            raise RewriteError(
                f"export {export.name!r} and what it names were added by an earlier pass, so nothing can be claimed of "
                "it; change the order"
            )
        return name

    def named(self) -> dict[Item, str]:
        """The input's exports by item: the first name of each."""
        before = self.module.source.exports()
        return {self.history.export_items.get(export, export.item): self.name(export) for export in reversed(before)}

    def exports(self, meant: Sequence[Meant]) -> Iterator[Claim]:
        if not self.module.loaded("exports"):
            return
        before, now = self.module.source.exports(), set(self.module.exports)
        wrapped = {each.old for each in meant if isinstance(each, ByValue)}
        made = {each.new for each in meant if isinstance(each, ByValue)}
        for export in before:
            if export not in now:
                yield Removed("export", self.name(export))
            elif export.name != self.name(export) and export not in wrapped:
                yield Renamed("export", self.name(export), export.name)
        named = self.named()
        known = set(before)
        for export in self.module.exports:
            if export not in known and export not in made:
                yield Added("export", export.name, same_as=named.get(export.item))

    def imports(self) -> Iterator[Claim]:
        if not self.module.loaded("imports"):
            return
        before, now = self.module.source.imports(), set(self.module.imports)
        known = set(before)
        found: dict[Claim, None] = {}
        for item in before:
            was = self.history.imports.get(item, item.origin)
            origin = item.origin
            if not isinstance(was, Import) or not isinstance(origin, Import):
                continue
            if item not in now:
                found[Removed("import", was.name, was.module)] = None
            elif origin != was:
                found[Renamed("import", was.name, origin.name, was.module, origin.module)] = None
        for item in self.module.imports:
            origin = item.origin
            if item not in known and isinstance(origin, Import):
                found[Added("import", origin.name, origin.module, type=external_type(item))] = None
        yield from found

    def names(self) -> Iterator[Claim]:
        """What the name section calls otherwise. Nothing is read unless a name was set or the section replaced."""
        spaces, replaced = self.written.spaces, _NAME in self.history.customs
        items = [
            item
            for space in _SPACES
            for item in (spaces.items(space) if replaced else spaces.loaded(space))
            if isinstance(item, Item) and item.index0 is not None and (replaced or item.new_name is not None)
        ]
        if not items:
            return
        before, after = self.module.source, Module.from_bytes(self.written.data).source
        for item in items:
            now = after.name(item.space, spaces.index(item.space, item))
            if item.index0 is not None and now != before.name(item.space, item.index0):
                yield NameChanged(item.space.value, item.index0, now)

    def customs(self) -> Iterator[Claim]:
        """Compared as bytes, since the codec decides about sections that edits made stale."""
        before, after = _customs(self.module.source.data), _customs(self.written.data)
        why = dict(self.written.dropped)
        for name, contents in before.items():
            if name not in after:
                yield Removed("custom", name)
            elif after[name] != contents:
                reason = self.history.customs.get(name) or why.get(name) or "it follows what was added or moved"
                yield CustomChanged(name, reason)
        for name in after:
            if name not in before:
                yield CustomChanged(name, self.history.customs.get(name) or "it was added")


def _customs(data: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for section in frame(data):
        if not section.id:
            found.setdefault(section.name or "", []).append(data[section.start : section.end])
    return found
