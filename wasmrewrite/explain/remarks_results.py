"""Remarks about results through pointers: proved by debug information, or suspected because code looks like it.

Not here: other remarks (``remarks``), how such functions are found (``analysis``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..errors import RewriteError, WasmError
from ..model import Global
from .examined import Examined, readable
from .remark import Remark

if TYPE_CHECKING:
    from ..analysis import DebugLayouts, Written

_DEBUG_READS: Final = 1_000_000
"""What of debug information is read unasked: about three seconds."""
_LISTED: Final = 12
_GLUE: Final = "wasm-bindgen's JavaScript lends the pointers: change them for a host that does without it"


class Results:
    """Remarks about exports and imports of one module that return through a pointer, or seem to."""

    def __init__(self, about: Examined) -> None:
        self.about = about
        self.module = about.module
        self._no_stack_pointer = ""

    @cached_property
    def _caution(self) -> str:
        return _GLUE if any(each.name == "wasm-bindgen" for each in self.about.makers) else ""

    # --- exports ----------------------------------------------------------------------------------------------------

    def exported(self) -> Iterator[Remark]:
        """What debug information proves, then what stores say."""
        from ..analysis import DebugLayouts, written_exports
        from ..analysis.dwarf_entries import Budget

        debug = DebugLayouts(self.module, Budget(reads=_DEBUG_READS))
        if debug.problem is not None and not isinstance(debug.problem, RewriteError):  # that one says: there is none
            self.about.unknown.append(debug.problem.message)
        yield from self._proved(debug)
        refused = {each.name: each.reason for each in debug.exports if debug.problem is None and each.reason}
        cleared = {each.name for each in debug.exports if each.declaration is not None}
        for each in written_exports(self.module):
            if each.name not in cleared:
                yield self._suspected(each, refused.get(each.name))

    def _proved(self, debug: DebugLayouts) -> Iterator[Remark]:
        for each in debug.exports:
            if not each.by_pointer or each.declaration is None:
                continue
            name, result = readable(each.name), each.declaration.result
            what = f"export {name} returns {result} through a pointer"
            against = self._not_by_value(0)
            if len(self.module.memories) > 1:
                against = (*against, "which memory it lies in is not said: that has to be declared")
            evidence = ("debug information says so", *against)
            mend = self.about.rewrite("multi-value", f"export={each.name}", "layouts=dwarf")
            command = self.about.draft if against else mend
            short = f"{name}: {result}"
            yield Remark("results", "note", what, evidence, command, "export-result-proved", each.name, short)

    def _suspected(self, written: Written, refused: str | None) -> Remark:
        seen = [f"{scalar} @{offset}" for offset, scalar in written.stores[:_LISTED]]
        seen += ["..."] if len(written.stores) > _LISTED else []
        stores, where = ", ".join(seen), "its first parameter"
        if written.through is not None:
            where += f", in function {self.about.names.words(written.through)}, which it hands that to"
        evidence = [f"it stores {stores} through {where}; nothing is loaded there before"]
        if refused is not None:
            evidence.append(f"debug information: {refused}")
        command = self.about.draft
        if written.result is not None:
            against = self._not_by_value(written.memory)
            evidence += against
            memory = [f"memory={written.memory}"] if len(self.module.memories) > 1 else []
            mend = self.about.rewrite("multi-value", f"export={written.name}={written.result}", *memory)
            command = self.about.draft if against else mend
        name = readable(written.name)
        return Remark(
            "results", "suspicion", f"export {name} may return through a pointer", tuple(evidence), command,
            "export-result", written.name, f"{name}: stores {stores}", caution=self._caution,
        )  # fmt: skip

    def _not_by_value(self, memory: int) -> tuple[str, ...]:
        """Why exports could not be made to return by value: nobody expects it, or a wrapper could not lend room."""
        if self.about.is_dynamic:
            return ("in a dynamic library other modules call it as it is",)
        if self._stack_pointer is None:
            return (self._no_stack_pointer,)
        if memory >= len(self.module.memories):
            return ("the module has no memory that a result could lie in",)
        address, pointer = self.module.memories[memory].type.limits.address, self._stack_pointer.type.value
        differ = f"the stack pointer is an {pointer}, and that memory has {address} addresses"
        return () if pointer is address else (differ,)

    @cached_property
    def _stack_pointer(self) -> Global | None:
        from ..analysis import find_stack_pointer

        try:
            return find_stack_pointer(self.module).item
        except WasmError as error:
            self._no_stack_pointer = error.message
            return None

    # --- imports ----------------------------------------------------------------------------------------------------

    def imported(self) -> Iterator[Remark]:
        """What callers load."""
        from ..analysis import guess_imports

        for guess in guess_imports(self.module, self.about.graph):
            if guess.result is None or len(guess.result.fields) < 2:  # too little to tell anybody unasked
                continue
            name = readable(str(guess.origin))
            calls = "1 call" if guess.sites == 1 else f"{guess.sites} calls"
            evidence = f"after {calls} with an address in the caller's frame, {guess.result} is loaded from there"
            yield Remark(
                "results", "suspicion", f"import {name} may return through a pointer", (evidence,), self.about.draft,
                "import-result", str(guess.origin), f"{name}: {guess.result}", caution=self._caution,
            )  # fmt: skip
