"""Passes with bugs in them, and one that does what it says."""

from __future__ import annotations

from dataclasses import dataclass

from wasmrewrite.rewrite import Body, Editor, Instr, Module, ModulePass, RewriteError, instr


@dataclass(frozen=True, slots=True)
class OtherConstant(ModulePass):
    """Turns constants 7 into 8."""

    def run(self, module: Module, edit: Editor) -> None:
        """Spoil every function."""
        for func in module.funcs:
            if isinstance(func.origin, Body):
                instrs = [_eight(each) for each in func.origin.expr]
                if instrs != list(func.origin.expr):
                    edit.set_body(func, func.origin.locals, instrs)


def _eight(each: Instr) -> Instr:
    return instr("i32.const", 8) if each.op.name == "i32.const" and each.args[0] == 7 else each


@dataclass(frozen=True, slots=True)
class Nops(ModulePass):
    """Puts a ``nop`` in front of every body."""

    def run(self, module: Module, edit: Editor) -> None:
        """Change nothing that matters."""
        for func in module.funcs:
            if isinstance(func.origin, Body):
                edit.set_body(func, func.origin.locals, [instr("nop"), *func.origin.expr])


@dataclass(frozen=True, slots=True)
class Invalid(ModulePass):
    """Makes code that is not valid."""

    def run(self, module: Module, edit: Editor) -> None:
        """Leave an operand behind."""
        edit.add_func(edit.type(()), (), [instr("i32.const", 0)])


@dataclass(frozen=True, slots=True)
class Crash(ModulePass):
    """Stumbles over modules with a memory."""

    def run(self, module: Module, edit: Editor) -> None:
        """Divide by zero."""
        edit.note(str(1 // (not module.memories)))


@dataclass(frozen=True, slots=True)
class Refuses(ModulePass):
    """Refuses everything."""

    def run(self, module: Module, edit: Editor) -> None:
        """Refuse."""
        raise RewriteError("no")
