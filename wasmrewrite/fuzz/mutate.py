"""Other modules out of given ones: ``mutated`` changes their structure and keeps them valid.

Not here: modules from nothing (``modules``), spoilt ones (``damage``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..isa.table import BY_NAME
from ..isa.types import I32, GlobalType
from ..model import Body, Custom, Func, Instr, Module, instr
from ..rewrite import Editor
from .choices import Choices
from .vocabulary import CONSTANTS

_LARGE: Final = 1 << 12
"""Bytes of code beyond which a body is left alone."""
_CONST: Final = BY_NAME["i32.const"]


def mutated(choices: Choices, data: bytes) -> bytes:
    """A valid module out of a valid one, after one to four changes of structure."""
    module = Module.from_bytes(data)
    edit = Editor(module)
    for _ in range(1 + choices.below(4)):
        choices.pick(_CHANGES)(choices, module, edit)
    return module.to_bytes()


def _import_in_front(choices: Choices, module: Module, edit: Editor) -> None:
    """Every function moves by one."""
    edit.add_import("mutant", f"f{len(module.imports)}", edit.type((), (I32,) * choices.below(2)), first=True)


def _unused_function(choices: Choices, module: Module, edit: Editor) -> None:
    edit.add_func(edit.type((), (I32,)), ((1 + choices.below(3), I32),), [instr("local.get", 0)], "unused")


def _global(choices: Choices, module: Module, edit: Editor) -> None:
    edit.add_global(GlobalType(I32, choices.chance(2)), [instr("i32.const", 1 + choices.below(8))])


def _export(choices: Choices, module: Module, edit: Editor) -> None:
    name = f"mutant {len(module.exports)}"
    if module.funcs and module.export(name) is None:
        edit.export(name, choices.pick(module.funcs))


def _no_export(choices: Choices, module: Module, edit: Editor) -> None:
    if module.exports:
        edit.remove_export(choices.pick(module.exports))


def _no_start(choices: Choices, module: Module, edit: Editor) -> None:
    if module.start is not None:
        edit.remove_start()


def _custom(choices: Choices, module: Module, edit: Editor) -> None:
    module.customs.append(Custom("mutant", bytes(choices.below(9)), choices.below(12)))


def _no_custom(choices: Choices, module: Module, edit: Editor) -> None:
    if module.customs:
        edit.remove_custom(choices.pick(module.customs))


def _body(choices: Choices, module: Module) -> tuple[Func, Body] | None:
    """A function whose code is small enough to be taken apart."""
    if not module.funcs:
        return None
    func = choices.pick(module.funcs)
    body = func.origin
    if not isinstance(body, Body) or body.span is None or body.span[1] - body.span[0] > _LARGE:
        return None
    return func, body


def _nop(choices: Choices, module: Module, edit: Editor) -> None:
    found = _body(choices, module)
    if found is not None:
        instrs = list(found[1].expr)
        instrs.insert(choices.below(len(instrs)), instr("nop"))
        edit.set_body(found[0], found[1].locals, instrs)


def _constant(choices: Choices, module: Module, edit: Editor) -> None:
    found = _body(choices, module)
    if found is None:
        return
    instrs = list(found[1].expr)
    places = [at for at, each in enumerate(instrs) if each.op is _CONST]
    if places:
        instrs[choices.pick(places)] = Instr(_CONST, (choices.pick(CONSTANTS[I32]),))
        edit.set_body(found[0], found[1].locals, instrs)


_CHANGES: Final[tuple[Callable[[Choices, Module, Editor], None], ...]] = (
    _nop, _constant, _import_in_front, _unused_function, _global, _export, _no_export, _no_start, _custom, _no_custom,
)  # fmt: skip
