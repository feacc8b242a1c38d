"""Each operation of the ``Editor`` on a module nobody wrote, and each pass with options that may fit it.

An operation returns whether it found something to act on. Not here: whether the result is any good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, TypeAlias, TypeVar

from wasmrewrite.contract import Declaration, Interface, parse_type
from wasmrewrite.errors import RewriteError
from wasmrewrite.fuzz.choices import RandomChoices
from wasmrewrite.fuzz.modules import Subject
from wasmrewrite.fuzz.recipes import entries
from wasmrewrite.isa.immediates import MemArg
from wasmrewrite.isa.types import F64, I32, I64, FuncType, GlobalType, RecGroup, TypeDef, func_type
from wasmrewrite.model import Body, Custom, Func, Import, Module, instr
from wasmrewrite.rewrite import Editor, ModulePass
from wasmrewrite.rewrite.config import PassEntry, build_passes

Operation: TypeAlias = Callable[[Editor, Random], bool]
Thing = TypeVar("Thing")
SCALARS = (I32, I64, F64)
NAMES = ("", "f", "\u00e9 \u202e", "a" * 200)


def pick(random: Random, things: Iterable[Thing]) -> Thing | None:
    found = list(things)
    return random.choice(found) if found else None


def defined(module: Module) -> list[Func]:
    return [each for each in module.funcs if isinstance(each.origin, Body)]


def exportable(module: Module) -> list[Any]:
    return [*module.funcs, *module.tables, *module.memories, *module.globals, *module.tags]


def new_func(edit: Editor, random: Random, type: TypeDef) -> Func:
    runs = [(random.choice((1, 3)), random.choice(SCALARS)) for _ in range(random.randrange(3))]
    return edit.add_func(type, runs, [instr("unreachable")], random.choice((None, *NAMES)))


def new_type(edit: Editor, random: Random) -> bool:
    types = [random.choice(SCALARS) for _ in range(random.randrange(4))]
    edit.type(types, types[:1])
    return True


def add_func(edit: Editor, random: Random) -> bool:
    new_func(edit, random, edit.type([I32], [random.choice(SCALARS)]))
    return True


def set_body(edit: Editor, random: Random) -> bool:
    func = pick(random, defined(edit.module))
    if func is None or not isinstance(func.origin, Body):
        return False
    old = list(func.origin.expr)
    at = random.choice((0, len(old)))
    edit.set_body(func, func.origin.locals, [*old[:at], *[instr("nop")] * random.choice((1, 200)), *old[at:]])
    return True


def set_type(edit: Editor, random: Random) -> bool:
    """To another type that is equal, so that all uses hold."""
    alone = (each for each in edit.module.funcs if len(each.type.group.types) == 1)
    func = pick(random, alone) or new_func(edit, random, edit.type([F64, F64]))
    made = RecGroup().add(TypeDef(func_type(func.type), func.type.final, func.type.supers))
    edit.module.types.append(made)
    edit.set_type(func, made)
    return True


def add_global(edit: Editor, random: Random) -> bool:
    edit.add_global(GlobalType(I64, bool(random.randrange(2))), [instr("i64.const", 7)], random.choice((None, *NAMES)))
    return True


def set_init(edit: Editor, random: Random) -> bool:
    """Of a global of numbers, so that a constant will do."""
    constants = {I32: instr("i32.const", -1), I64: instr("i64.const", 1 << 40)}
    known = (each for each in edit.module.globals if each.type.value in constants and not each.imported)
    found = pick(random, known) or edit.add_global(GlobalType(I64, False), [instr("i64.const", 7)])
    edit.set_init(found, [constants[found.type.value]])  # type: ignore[index]
    return True


def set_data(edit: Editor, random: Random) -> bool:
    found = pick(random, edit.module.datas)
    if found is None:
        return False
    edit.set_data(found, random.randbytes(random.choice((0, 3, 300))))
    return True


def rename(edit: Editor, random: Random) -> bool:
    item = pick(random, [*exportable(edit.module), *edit.module.datas, *edit.module.elems])
    if item is None or not any(each.name == "name" for each in edit.module.customs):
        return False
    edit.rename(item, random.choice(NAMES))
    return True


def add_import(edit: Editor, random: Random) -> bool:
    edit.add_import(random.choice(NAMES), random.choice(NAMES), edit.type([I64]), first=bool(random.randrange(2)))
    return True


def rename_import(edit: Editor, random: Random) -> bool:
    item = pick(random, edit.module.imports)
    if item is None:
        return False
    edit.rename_import(item, Import(random.choice(NAMES), random.choice(NAMES)))
    return True


def free_name(edit: Editor) -> str:
    taken = {each.name for each in edit.module.exports}
    return next(name for name in map("new {}".format, range(len(taken) + 1)) if name not in taken)


def export(edit: Editor, random: Random) -> bool:
    item = pick(random, exportable(edit.module))
    if item is None:
        return False
    edit.export(free_name(edit), item)
    return True


def retarget(edit: Editor, random: Random) -> bool:
    found = pick(random, edit.module.exports)
    if found is None:
        return False
    used = {id(found.item)} if isinstance(found.item, Func) else set()  # code may have to declare what it refers to
    others = [each for each in exportable(edit.module) if each.space is found.item.space and id(each) not in used]
    if isinstance(found.item, Func):
        edit.export(free_name(edit), found.item)
    edit.retarget(found, random.choice(others) if others else found.item)
    return True


def rename_export(edit: Editor, random: Random) -> bool:
    found = pick(random, edit.module.exports)
    if found is None:
        return False
    edit.rename_export(found, free_name(edit))
    return True


def remove_export(edit: Editor, random: Random) -> bool:
    found = pick(random, (each for each in edit.module.exports if not isinstance(each.item, Func)))
    if found is None:
        return False
    edit.remove_export(found)
    return True


def set_start(edit: Editor, random: Random) -> bool:
    func = pick(random, (each for each in edit.module.funcs if func_type(each.type) == FuncType()))
    edit.set_start(func if func is not None and random.randrange(2) else new_func(edit, random, edit.type(())))
    return True


def remove_start(edit: Editor, random: Random) -> bool:
    if edit.module.start is None:
        return False
    edit.remove_start()
    return True


def redirect(edit: Editor, random: Random) -> bool:
    func = pick(random, edit.module.funcs)
    if func is None:
        return False
    new = new_func(edit, random, func.type)
    edit.redirect(func, new)
    edit.export(free_name(edit), new)  # code may have to declare what it refers to
    return True


def remove(edit: Editor, random: Random) -> bool:
    """Of a few items the first one that nothing uses."""
    items = exportable(edit.module)
    for item in random.sample(items, min(5, len(items))):
        try:
            edit.remove(item)
        except RewriteError:
            continue
        return True
    return False


def remove_custom(edit: Editor, random: Random) -> bool:
    found = pick(random, edit.module.customs)
    if found is None:
        return False
    edit.remove_custom(found)
    return True


def replace_custom(edit: Editor, random: Random) -> bool:
    found = pick(random, edit.module.customs)
    if found is None:
        return False
    edit.replace_custom(found, random.randbytes(random.choice((0, 5, 300))), "why")
    return True


def add_feature(edit: Editor, random: Random) -> bool:
    edit.module.customs.append(Custom("target_features", b"\0", random.choice((0, 10, 11))))
    edit.add_feature("multivalue")
    return True


OPERATIONS: dict[str, Operation] = {
    "type": new_type,
    "add_func": add_func,
    "set_body": set_body,
    "set_type": set_type,
    "add_global": add_global,
    "set_init": set_init,
    "set_data": set_data,
    "rename": rename,
    "add_import": add_import,
    "rename_import": rename_import,
    "export": export,
    "retarget": retarget,
    "rename_export": rename_export,
    "remove_export": remove_export,
    "set_start": set_start,
    "remove_start": remove_start,
    "redirect": redirect,
    "remove": remove,
    "remove_custom": remove_custom,
    "replace_custom": replace_custom,
    "add_feature": add_feature,
}
"""By the Editor's method."""
TELLING = {"begin", "ask", "note", "warn", "claim", "declare_stack_pointer"}
"""Methods of the Editor that change no module."""


def several(edit: Editor, random: Random) -> bool:
    """A few operations one after the other, on what the others made."""
    did = [OPERATIONS[name](edit, random) for name in random.sample(sorted(OPERATIONS), 4)]
    return any(did)


def passes(data: bytes, name: str, seed: str) -> tuple[bytes, list[ModulePass], Interface]:
    """A pass with options that may suit a module, which gets what the pass is about if it is not there.

    No pass where there is nothing for it to do.
    """
    module = Module.from_bytes(data)
    interface = Interface()
    if name == "multi-value" and any(each.type.limits.address is I32 for each in module.memories[:1]):
        data, interface = _by_pointer(module)
    pointer = str(len(module.globals) - 1)
    chosen = entries(RandomChoices(seed), (name,), {}, Subject(data, interface))[:1]
    if name == "multi-value":
        chosen = [PassEntry(name, {**each.settings, "stack-pointer": pointer}) for each in chosen]
    return data, build_passes(chosen), interface


def _by_pointer(module: Module) -> tuple[bytes, Interface]:
    """The module with a function that returns through a pointer, and a stack pointer."""
    edit = Editor(module)
    store = instr("i64.store", MemArg(0, 0))
    func = edit.add_func(edit.type([I32]), (), [instr("local.get", 0), instr("i64.const", 5), store])
    name = free_name(edit)
    edit.export(name, func)
    edit.add_global(GlobalType(I32, True), [instr("i32.const", 1024)])
    return module.to_bytes(), Interface((Declaration(name, result=parse_type("(i64, i32)")),))
