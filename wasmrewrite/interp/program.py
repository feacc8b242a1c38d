"""``Program``: a validated module made ready to be instantiated, as often as wanted; bodies are compiled at first call.

Not here: imports and instances (``instantiate``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..arguments import module_bytes
from ..errors import InternalError, WasmError
from ..flat.compile import compile_body
from ..isa.types import func_type
from ..model import Body, Module
from ..runtime.instances import FuncInst
from ..runtime.values import Value
from ..validate import context, validate, validate_func
from .bind import Bound, bind
from .machine import Outside, call


class Program:
    """Raises ``MalformedError`` or ``InvalidError``. A module that was edited is written and read again first."""

    def __init__(self, module: Module | bytes) -> None:
        if not isinstance(module, Module):
            module = Module.from_bytes(module_bytes(module))
        elif not module.as_read:
            module = Module.from_bytes(module.to_bytes())
        validate(module)
        self.module = module
        self.context = context(module)
        self._codes: dict[tuple[int, bool], Bound] = {}

    def __repr__(self) -> str:
        return f"<Program of {self.module!r}>"

    def code(self, index: int, marking: bool = False) -> Bound:
        """The bound code of a defined function. Raises ``LimitError`` if it has an instruction not executed here."""
        found = self._codes.get((index, marking))
        if found is None:
            found = self._codes[index, marking] = self._compile(index, marking)
        return found

    def _compile(self, index: int, marking: bool) -> Bound:
        func = self.module.funcs[index]
        if not isinstance(func.origin, Body) or func.origin.span is None:
            raise InternalError(f"function {index} has no body to compile")
        side = validate_func(self.module, self.context, index)
        runs, _ = self.module.source.body(func.origin.span)
        try:
            return bind(compile_body(self.context, side, func_type(func.type), runs, marking))
        except WasmError as error:
            error.within(f"func[{index}]", function=index)
            raise


class Execution:
    """The engine of one instance. ``cover``: functions that note which of their instructions are executed."""

    def __init__(self, program: Program, cover: Collection[int] = ()) -> None:
        self.program = program
        self.cover = frozenset(cover)
        self.outside: Outside | None = None

    def __repr__(self) -> str:
        return f"<Execution of {self.program!r}>"

    def call(self, func: FuncInst, args: Sequence[Value]) -> list[Value]:
        """Call a function with values from the border. Raises ``Trap`` with function and offset."""
        return call(func, args)

    def prepare(self, func: FuncInst) -> Bound:
        """Compile the body of ``func``, and keep it there."""
        code = self.program.code(func.index, func.index in self.cover)
        func.code = code
        return code
