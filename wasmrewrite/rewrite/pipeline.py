"""``Pipeline``: passes one after the other on a fork of a module, one writing at the end, one contract of it all.

Not here: where passes come from (``registry``, ``config``), files, judging the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..arguments import expect, expect_each
from ..codec import write
from ..contract import Contract, Interface
from ..errors import OutputError, RewriteError, WasmError
from ..model import Module
from ..validate import check_func, context, validate
from .base import ModulePass
from .claiming import contract_of
from .editor import Editor, Note


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run: the output's bytes, what they claim, and what ``--explain`` tells."""

    data: bytes
    contract: Contract = field(default_factory=Contract)
    notes: tuple[Note, ...] = ()
    changed: bool = True

    @property
    def module(self) -> Module:
        """The output, read anew."""
        return Module.from_bytes(self.data)


After: TypeAlias = Callable[[ModulePass, Module, Editor], None]
"""What is called after each pass, with the module as that pass left it: to time, to print, to compare."""


class Pipeline:
    """Passes in order. ``interface``: what the user declares of imports and exports; ``check``: validate new code."""

    def __init__(
        self,
        passes: Iterable[ModulePass],
        interface: Interface | None = None,
        *,
        check: bool = True,
        after: After | None = None,
    ) -> None:
        hint = "a pass is an object with options, such as AddStart(function='f')"
        self.passes: tuple[ModulePass, ...] = expect_each(passes, ModulePass, "passes", hint)
        expect(interface, (Interface, type(None)), "an Interface")
        self.interface = interface
        self.check = check
        self.after = after

    def run(self, module: Module) -> Result:
        """Rewrite a fork of ``module``, which stays as it is.

        Raises ``RewriteError`` or ``ConfigError`` of a pass, its name in front; ``OutputError`` if what the passes made
        is not valid; ``MalformedError`` or ``InvalidError`` for what a pass looked at in a broken module.
        """
        expect(module, Module, "a Module", "Module.from_bytes reads one")
        fork = module.fork()
        edit = Editor(fork, self.interface)
        for each in self.passes:
            _run_one(each, fork, edit)
            if self.after is not None:
                self.after(each, fork, edit)
        edit.begin(None)
        result, made = _written(fork, edit)
        fork.forget()  # before the output is read: a large module's items need not be there twice
        if self.check and made:
            _validate_new(result.data, made)
        if self.check and edit.retyped:
            _validate_all(result.data, module)
        return result


def _written(fork: Module, edit: Editor) -> tuple[Result, dict[int, str]]:
    """The result, and for functions with new code: index and the pass that made it."""
    written = write(fork)
    notes = [*edit.notes, *(Note("", f"left out custom section {name!r}", why) for name, why in written.dropped)]
    changed = written.data != fork.source.data
    contract = contract_of(fork, edit.meant, edit.history, written) if changed else Contract()
    made = {written.index_of(func): maker for func, maker in edit.made.items()}
    return Result(written.data, contract, tuple(notes), changed), made


def _validate_new(data: bytes, made: Mapping[int, str]) -> None:
    """Validate new code in the output; what was only renumbered is as valid as before."""
    output = Module.from_bytes(data)
    known = context(output)
    for index, maker in made.items():
        try:
            check_func(output, known, index)
        except WasmError as error:
            raise OutputError(f"pass {maker} made code that is not valid: {error}") from error


def _validate_all(data: bytes, module: Module) -> None:
    """Validate an output in which types changed, and so perhaps what old code means."""
    try:
        validate(Module.from_bytes(data))
    except WasmError as error:
        validate(module)  # a broken input is not the passes' fault
        raise OutputError(f"the module is not valid after the passes: {error}") from error


def _run_one(each: ModulePass, module: Module, edit: Editor) -> None:
    edit.begin(each)
    try:
        each.run(module, edit)
    except WasmError as error:
        error.within(f"pass {each.pass_name()}")
        raise
    except RecursionError as error:
        raise RewriteError(f"pass {each.pass_name()} went too deep: {error}") from error
