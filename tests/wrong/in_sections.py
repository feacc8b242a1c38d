"""Sections made wrong: start, exports, imports, tables, segments, globals, limits, names, custom sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.helpers.binary import leb
from tests.wrong.rights import Right
from tests.wrong.surgery import CUSTOM, Patient
from tests.wrong.wrong import Wrong, damaged
from wasmrewrite.contract import Added
from wasmrewrite.isa.types import I32, FuncType, GlobalType, MemoryType, TableType, func_type
from wasmrewrite.model import Data, Elem, Export, Expr, Func, Global, Import, Memory, Module, instr

START = 8
Edit = Callable[[Module], object]


def _set(item: Any, attribute: str, value: Any) -> None:
    """Past the guard against silent edits: a wrong rewrite is what is wanted."""
    object.__setattr__(item, attribute, value)


def _relist(elem: Elem, change: Callable[[list[Any]], object]) -> None:
    items: list[Any] = list(elem.items)
    change(items)
    _set(elem, "items", tuple(items))


def starts(right: Right) -> Iterator[Wrong]:
    """No start function, another one, or one where none was."""
    patient = Patient(right.after)
    module = patient.module
    others = [index for index, func in enumerate(module.funcs) if func_type(func.type) == FuncType() and func is not module.start]
    if module.start is not None:
        yield damaged(right, "no-start", patient.with_section(START, None))
        for index in others[:2]:
            yield damaged(right, f"start-{index}", patient.with_section(START, leb(index)))
    else:
        for index in others[:1]:
            yield damaged(right, f"new-start-{index}", patient.edited(lambda each, index=index: _set(each, "start", each.funcs[index]), "start"))  # type: ignore[misc]


def exports(right: Right) -> Iterator[Wrong]:
    """Exports of other items, under other names, too few and too many."""
    patient = Patient(right.after)
    module = patient.module
    funcs = [at for at, each in enumerate(module.exports) if isinstance(each.item, Func)]

    def swap(one: int, other: int) -> Edit:
        def edit(each: Module) -> None:
            a, b = each.exports[one], each.exports[other]
            one_item = a.item
            _set(a, "item", b.item)
            _set(b, "item", one_item)

        return edit

    if not module.exports:
        return
    for one in funcs:
        for other in funcs[funcs.index(one) + 1 :]:
            a, b = module.exports[one].item, module.exports[other].item
            if a is not b and isinstance(a, Func) and isinstance(b, Func) and a.type is b.type:
                yield damaged(right, f"exports-swapped-{one}-{other}", patient.edited(swap(one, other), "export"))
    last = len(module.exports) - 1
    yield damaged(right, "export-dropped", patient.edited(lambda each: each.exports.pop(), "export"))
    yield damaged(right, "first-export-dropped", patient.edited(lambda each: each.exports.pop(0), "export"))
    yield damaged(right, "export-renamed", patient.edited(lambda each: _set(each.exports[last], "name", "renamed"), "export"))
    yield damaged(right, "export-of-nothing", patient.edited(lambda each: _set(each.exports[last], "name", ""), "export"))
    added = module.exports[last].item
    place = {Func: "funcs", Memory: "memories", Global: "globals"}.get(type(added))
    if place:
        at = getattr(module, place).index(added)
        yield damaged(right, "export-added", patient.edited(lambda each: each.exports.append(Export("more", getattr(each, place)[at])), "export"))
    memories = [at for at, each in enumerate(module.exports) if isinstance(each.item, Memory)]
    for at in memories:
        for index, memory in enumerate(module.memories):
            if memory is not module.exports[at].item:
                yield damaged(right, f"memory-export-{at}-{index}", patient.edited(lambda each, at=at, index=index: _set(each.exports[at], "item", each.memories[index]), "export"))  # type: ignore[misc]
    for at, export in enumerate(module.exports):
        if isinstance(export.item, Global) and len(module.globals) > 1:
            index = (module.globals.index(export.item) + 1) % len(module.globals)
            yield damaged(right, f"global-export-{at}", patient.edited(lambda each, at=at, index=index: _set(each.exports[at], "item", each.globals[index]), "export"))  # type: ignore[misc]


def imports(right: Right) -> Iterator[Wrong]:
    """Imports under other names, in another order, of other types."""
    patient = Patient(right.after)
    added = {each.name for each in right.contract.claims if isinstance(each, Added)}  # nobody said of which types
    for at, item in enumerate(patient.module.imports):
        origin = item.origin
        assert isinstance(origin, Import)
        for label, other in {
            "name": Import(origin.module, origin.name + "_"),
            "module": Import(origin.module + "2", origin.name),
            "module-lost": Import("", origin.name),
        }.items():
            yield damaged(right, f"import-{at}-{label}", patient.edited(lambda each, at=at, other=other: _set(each.imports[at], "origin", other), "import"))  # type: ignore[misc]
        for second in range(at + 1, len(patient.module.imports)):
            other_item = patient.module.imports[second]
            if isinstance(item, Func) and isinstance(other_item, Func) and item.type is other_item.type and item.origin != other_item.origin:

                def swap(each: Module, at: int = at, second: int = second) -> None:
                    a: Any = each.imports[at]
                    b: Any = each.imports[second]
                    first = a.origin
                    _set(a, "origin", b.origin)
                    _set(b, "origin", first)

                yield damaged(right, f"imports-swapped-{at}-{second}", patient.edited(swap, "import"))
        if isinstance(item, Func) and origin.name not in added:
            yield from _retyped(right, patient, at, item)


def _retyped(right: Right, patient: Patient, at: int, item: Func) -> Iterator[Wrong]:
    """An imported function of another type, the first there is."""
    for index, type in enumerate(patient.module.types):
        if type is not item.type and isinstance(type.composite, FuncType) and type.composite != item.type.composite:
            yield damaged(right, f"import-{at}-type-{index}", patient.edited(lambda each, at=at, index=index: _set(each.imports[at], "type", each.types[index]), "import"))  # type: ignore[misc]
            break


def tables(right: Right) -> Iterator[Wrong]:
    """Table entries moved, exchanged and lost."""
    patient = Patient(right.after)
    for at, elem in enumerate(patient.module.elems):
        count = len(elem.items)
        if elem.offset is not None and len(elem.offset) == 1 and elem.offset.instrs[0].op.name == "i32.const":
            value = elem.offset.instrs[0].args[0]
            shifted = Expr.of([instr("i32.const", value - 1 if value else value + 1)])
            yield damaged(right, f"elem-{at}-moved", patient.edited(lambda each, at=at, shifted=shifted: _set(each.elems[at], "offset", shifted), "element"))  # type: ignore[misc]
        if count > 1 and elem.items[0] is not elem.items[-1]:
            yield damaged(right, f"elem-{at}-swapped", patient.edited(lambda each, at=at: _swap_ends(each.elems[at]), "element"))  # type: ignore[misc]
        if count:
            yield damaged(right, f"elem-{at}-truncated", patient.edited(lambda each, at=at: _relist(each.elems[at], list.pop), "element"))  # type: ignore[misc]
        if count and isinstance(elem.items[0], Func):
            index = (patient.module.funcs.index(elem.items[0]) + 1) % len(patient.module.funcs)
            yield damaged(right, f"elem-{at}-other", patient.edited(lambda each, at=at, index=index: _relist(each.elems[at], lambda items: items.__setitem__(0, each.funcs[index])), "element"))  # type: ignore[misc]


def _swap_ends(elem: Elem) -> None:
    def swap(items: list[Any]) -> None:
        items[0], items[-1] = items[-1], items[0]

    _relist(elem, swap)


def segments(right: Right) -> Iterator[Wrong]:
    """Data shifted, changed, cut off."""
    patient = Patient(right.after)
    for at, data in enumerate(patient.module.datas):
        contents = data.data
        if data.offset is not None and len(data.offset) == 1 and data.offset.instrs[0].op.name == "i32.const":
            shifted = Expr.of([instr("i32.const", data.offset.instrs[0].args[0] + 1)])
            yield damaged(right, f"data-{at}-shifted", patient.edited(lambda each, at=at, shifted=shifted: _set(each.datas[at], "offset", shifted), "data"))  # type: ignore[misc]
        if any(contents):
            place = next(place for place, byte in enumerate(contents) if byte)
            changed = contents[:place] + bytes([contents[place] ^ 1]) + contents[place + 1 :]
            yield damaged(right, f"data-{at}-changed", patient.edited(lambda each, at=at, changed=changed: _exchange(each, at, changed), "data"))  # type: ignore[misc]
            cut = contents[: max(place for place, byte in enumerate(contents) if byte)]
            yield damaged(right, f"data-{at}-cut", patient.edited(lambda each, at=at, cut=cut: _exchange(each, at, cut), "data"))  # type: ignore[misc]


def _exchange(module: Module, at: int, contents: bytes) -> None:
    old = module.datas[at]
    module.datas[at] = Data(old.mode, old.memory, old.offset, contents)


def globals_and_limits(right: Right) -> Iterator[Wrong]:
    """Other initial values, other mutability, other limits."""
    patient = Patient(right.after)
    for at, each in enumerate(patient.module.globals):
        if isinstance(each.origin, Expr) and len(each.origin) == 1 and each.origin.instrs[0].op.name in ("i32.const", "i64.const"):
            first = each.origin.instrs[0]
            for label, by in (("by-16", 16), ("by-one", 1)):
                other = Expr.of([instr(first.op.name, first.args[0] - by)])
                yield damaged(right, f"global-{at}-{label}", patient.edited(lambda each, at=at, other=other: _set(each.globals[at], "origin", other), "global"))  # type: ignore[misc]
        if not each.imported and not each.type.mutable:
            type = GlobalType(each.type.value, True)
            yield damaged(right, f"global-{at}-mutable", patient.edited(lambda each, at=at, type=type: _set(each.globals[at], "type", type), "global"))  # type: ignore[misc]
    for at, memory in enumerate(patient.module.memories):
        limits = memory.type.limits
        if memory.imported:
            continue
        for label, new in (("larger", replace(limits, minimum=limits.minimum + 1)), ("smaller", replace(limits, minimum=max(0, limits.minimum - 1)))):
            if new.maximum is None or new.minimum <= new.maximum:
                yield damaged(right, f"memory-{at}-{label}", patient.edited(lambda each, at=at, new=new: _set(each.memories[at], "type", MemoryType(new)), "memory"))  # type: ignore[misc]
        if limits.maximum is None:
            bounded = replace(limits, maximum=limits.minimum + 8)
            yield damaged(right, f"memory-{at}-bounded", patient.edited(lambda each, at=at, bounded=bounded: _set(each.memories[at], "type", MemoryType(bounded)), "memory"))  # type: ignore[misc]
    for at, table in enumerate(patient.module.tables):
        if not table.imported and table.type.limits.maximum is not None:
            free = replace(table.type.limits, maximum=table.type.limits.maximum + 1)
            yield damaged(right, f"table-{at}-freed", patient.edited(lambda each, at=at, free=free: _set(each.tables[at], "type", TableType(each.tables[at].type.element, free)), "table"))  # type: ignore[misc]


def more_globals(right: Right) -> Iterator[Wrong]:
    """A global nobody claimed."""
    patient = Patient(right.after)

    def add(module: Module) -> None:
        module.globals.append(Global(GlobalType(I32, True), Expr.of([instr("i32.const", 1)])))

    yield damaged(right, "global-added", patient.edited(add, "global"))


def _moved(right: Right) -> bool:
    """Whether functions have other indices than before: only then old names are wrong."""
    return any(each.space == "function" and any(run.old != run.new for run in each.runs) for each in right.contract.maps)


def customs(right: Right) -> Iterator[Wrong]:
    """Custom sections lost, doubled, moved, changed; the input's names where functions moved."""
    patient = Patient(right.after)
    places = [(at, each[1]) for at, each in enumerate(patient.sections) if each[0] == CUSTOM]
    old = {each[1]: each for each in Patient(right.before).sections if each[0] == CUSTOM}
    claimed = {getattr(each, "name", "") for each in right.contract.claims if type(each).__name__ == "CustomChanged"}
    for at, name in places:
        same = patient.sections[at] == old.get(name)
        if same:
            yield damaged(right, f"custom-{name}-lost", patient.with_customs(lambda each, at=at: each.pop(at)))  # type: ignore[misc]
            yield damaged(right, f"custom-{name}-changed", patient.with_customs(lambda each, at=at: each.__setitem__(at, (0, each[at][1], each[at][2] + b"\0"))))  # type: ignore[misc]
        if same and name not in claimed:
            yield damaged(right, f"custom-{name}-doubled", patient.with_customs(lambda each, at=at: each.insert(at, each[at])))  # type: ignore[misc]
            yield damaged(right, f"custom-{name}-in-front", patient.with_customs(lambda each, at=at: each.insert(0, each.pop(at))))  # type: ignore[misc]
        elif name == "name" and name in old and not same and _moved(right):
            yield damaged(right, "stale-names", patient.with_customs(lambda each, at=at: each.__setitem__(at, old["name"])))  # type: ignore[misc]
    yield damaged(right, "custom-added", patient.with_customs(lambda each: each.append((0, "surplus", b"!"))))
