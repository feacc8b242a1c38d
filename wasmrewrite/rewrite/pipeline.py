"""``Pipeline``: passes one after the other on a fork of a module, one writing at the end, one contract of it all.

Not here: where passes come from (``registry``, ``config``), files, judging the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..codec import write
from ..contract import Contract, Interface
from ..errors import RewriteError, WasmError
from ..model import Module
from ..validate import context, validate_func
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


class Pipeline:
    """Passes in order. ``interface``: what the user declares of imports and exports; ``check``: validate new code."""

    def __init__(self, passes: Sequence[ModulePass], interface: Interface | None = None, *, check: bool = True) -> None:
        self.passes = tuple(passes)
        self.interface = interface
        self.check = check

    def run(self, module: Module) -> Result:
        """Rewrite a fork of ``module``, which stays as it is.

        Raises ``RewriteError`` or ``ConfigError`` of a pass, its name in front; ``RewriteError`` for new code that is
        not valid; ``MalformedError`` or ``InvalidError`` for what a pass looked at in a broken module.
        """
        fork = module.fork()
        result, made = self._rewritten(fork)
        fork.forget()  # before the output is read: a large module's items need not be there twice
        if self.check and made:
            _validate_new(result.data, made)
        return result

    def _rewritten(self, fork: Module) -> tuple[Result, list[int]]:
        """The result, and the indices of functions that passes made or gave other code."""
        edit = Editor(fork, self.interface)
        for each in self.passes:
            _run_one(each, fork, edit)
        edit.begin(None)
        written = write(fork)
        notes = [*edit.notes, *(Note("", f"left out custom section {name!r}", why) for name, why in written.dropped)]
        changed = written.data != fork.source.data
        contract = contract_of(fork, edit.meant, edit.history, written) if changed else Contract()
        return Result(written.data, contract, tuple(notes), changed), [written.index_of(func) for func in edit.made]


def _validate_new(data: bytes, made: Sequence[int]) -> None:
    """Validate functions of the output; what was only renumbered is as valid as before."""
    output = Module.from_bytes(data)
    known = context(output)
    for index in made:
        try:
            validate_func(output, known, index, keep=False)
        except WasmError as error:
            raise RewriteError(f"a pass made code that is not valid: {error}") from error


def _run_one(each: ModulePass, module: Module, edit: Editor) -> None:
    edit.begin(each)
    try:
        each.run(module, edit)
    except WasmError as error:
        error.within(f"pass {each.pass_name()}")
        raise
    except RecursionError as error:
        raise RewriteError(f"pass {each.pass_name()} went too deep: {error}") from error
