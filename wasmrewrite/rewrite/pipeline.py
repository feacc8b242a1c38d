"""``Pipeline``: passes one after the other on a fork of a module, one writing at the end, one contract of it all.

Not here: where passes come from (``registry``, ``config``), files, judging the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..arguments import expect, expect_each
from ..codec import Written, write
from ..contract import Contract, Interface
from ..errors import ConfigError, InvalidError, MalformedError, OutputError, RewriteError, WasmError
from ..model import Module
from ..validate import check_func, context, validate
from .base import ModulePass
from .claiming import contract_of
from .editor import Editor, Note


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run: the output's bytes, what they claim, and what ``--verbose`` tells."""

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

        Raises ``RewriteError`` or ``ConfigError`` of a pass, its name in front; ``OutputError``, with a pass's name, if
        what the passes made is malformed or not valid; ``MalformedError`` or ``InvalidError`` for what a pass looked at
        in a broken module.
        """
        expect(module, Module, "a Module", "Module.from_bytes reads one")
        try:
            return self._run(module)
        except _BadOutputError as bad:
            raise OutputError(f"pass {bad.maker or self._maker(module)} made {bad.what}: {bad.cause}") from bad.cause

    def _maker(self, module: Module) -> str:
        """The first pass after which the output is no good."""
        for count in range(1, len(self.passes)):
            try:
                Pipeline(self.passes[:count], self.interface, check=self.check)._run(module)
            except Exception:  # noqa: BLE001 - which error it was is told already
                return self.passes[count - 1].pass_name()
        return self.passes[-1].pass_name() if self.passes else "(none)"

    def _run(self, module: Module) -> Result:
        fork = module.fork()
        edit = Editor(fork, self.interface)
        for each in self.passes:
            _run_one(each, fork, edit, module)
            if self.after is not None:
                self.after(each, fork, edit)
        edit.begin(None)
        try:
            return self._finish(fork, edit)
        except OutputError as error:
            raise _BadOutputError("what cannot be written", error) from error
        except (RewriteError, ConfigError, _BadOutputError):
            raise
        except Exception as error:
            _blame_input(module, error)
            what = "what is not valid" if isinstance(error, InvalidError) else "what cannot be read back"
            raise _BadOutputError(what, error) from error

    def _finish(self, fork: Module, edit: Editor) -> Result:
        """Write, and validate what was written: new code, or all if types changed, and so what old code means."""
        result, made = _written(fork, edit)
        fork.forget()  # before the output is read: a large module's items need not be there twice
        if self.check and made:
            _validate_new(result.data, made)
        if self.check and edit.retyped:
            validate(Module.from_bytes(result.data))
        return result


class _BadOutputError(Exception):
    """What the passes made is malformed or not valid, and the input is not to blame."""

    def __init__(self, what: str, cause: Exception, maker: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cause = cause
        self.maker = maker


def _blame_input(module: Module, error: Exception) -> None:
    """Raise ``error`` if the input is not valid, and so may be the reason."""
    try:
        validate(module)
    except WasmError:
        raise error from None


def _written(fork: Module, edit: Editor) -> tuple[Result, dict[int, str]]:
    """The result, and for functions with new code: index and the pass that made it."""
    written = write(fork)
    lost = (Note("", f"left out custom section {name!r}", why) for name, why in written.dropped)
    notes = [*edit.notes, *lost, *_kept(written)]
    changed = written.data != fork.source.data
    contract = contract_of(fork, edit.meant, edit.history, written) if changed else Contract()
    made = {written.index_of(func): maker for func, maker in edit.made.items()}
    return Result(written.data, contract, tuple(notes), changed), made


def _kept(written: Written) -> Iterator[Note]:
    """A note on custom sections that may not be quite true any more, for each reason."""
    by_reason: dict[str, dict[str, None]] = {}
    for name, why in written.kept:
        by_reason.setdefault(why, {})[repr(name)] = None
    for why, names in by_reason.items():
        yield Note("", f"kept custom section{'s' * (len(names) > 1)} {', '.join(names)}", why)


def _validate_new(data: bytes, made: Mapping[int, str]) -> None:
    """Validate new code in the output; what was only renumbered is as valid as before."""
    output = Module.from_bytes(data)
    known = context(output)
    for index, maker in made.items():
        try:
            check_func(output, known, index)
        except WasmError as error:
            raise _BadOutputError("code that is not valid", error, maker) from error


def _run_one(each: ModulePass, fork: Module, edit: Editor, module: Module) -> None:
    edit.begin(each)
    try:
        each.run(fork, edit)
    except (MalformedError, InvalidError) as error:
        error.within(f"pass {each.pass_name()}")
        _blame_input(module, error)
        raise _BadOutputError("what cannot be read back", error, each.pass_name()) from error
    except WasmError as error:
        error.within(f"pass {each.pass_name()}")
        raise
    except RecursionError as error:
        raise RewriteError(f"pass {each.pass_name()} went too deep: {error}") from error
