"""Text to a valid binary: what validation finds wrong points into the text, in the same run as mistakes of the text.

Functions that were read are validated even if others were not; those stand for themselves, as ``unreachable``. Does not
contain: the rules (``validate``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..codec.code import read_locals
from ..errors import WasmError
from ..isa.immediates import Space
from ..isa.table import BY_NAME
from ..isa.types import FuncType
from ..kernels.encode import encode
from ..model.module import Module
from ..validate import check_func, context, validate
from .assemble import write
from .draft import Code, Draft, Function, RawInstr
from .lexer import Tokens
from .module import read_all, tokens_of
from .origin import origin
from .problem import Problem, TextError
from .symbols import SPACES

_UNREACHABLE: Final = BY_NAME["unreachable"]
_ITEM: Final = re.compile(r"(type|func|table|memory|global|tag|export|elem|data)\[(\d+)\]")


def assemble_valid(text: str | bytes, *, names: bool = True) -> bytes:
    """The binary of a module as text, with or without a name section.

    Raises ``TextError`` with everything that is malformed or invalid.
    """
    tokens = tokens_of(text)
    draft, problems = read_all(tokens)
    data = b""
    if not _outside(tokens, draft, problems):
        data = write(draft, names=names)
        problems = [*problems, *_Invalid(tokens, draft, data).problems()]
    if problems:
        raise TextError(tokens, sorted(problems, key=lambda problem: problem.start))
    return data


def _outside(tokens: Tokens, draft: Draft, problems: list[Problem]) -> bool:
    """Whether something besides bodies of functions is wrong; functions that are get another body."""
    left = {problem.start for problem in problems}
    for func in draft.funcs if left else ():
        first, last = tokens.starts[func.first], tokens.ends[func.last]
        own = {start for start in left if first <= start <= last}
        if own:
            left -= own
            func.code, func.hints, func.broken = Code([(_UNREACHABLE, ())], [func.first]), [], True
    if not left:
        _silence(draft)
    return bool(left)


def _silence(draft: Draft) -> None:
    """Give functions whose type could not be read some type, and pass over all that mention one of them."""
    untyped = {draft.imported_funcs + at for at, func in enumerate(draft.funcs) if not func.typed}
    for func in draft.funcs if untyped else ():
        if not func.typed:
            func.type = draft.symbols.types.implied(FuncType())
        func.broken = func.broken or any(_mentions(instr, untyped) for instr in func.code.instrs)


def _mentions(instr: RawInstr, funcs: set[int]) -> bool:
    op, operands = instr
    return any(kind.space is Space.FUNC and value in funcs for kind, value in zip(op.operands, operands, strict=True))


class _Invalid:
    """What validation says of a module, as problems of the text."""

    def __init__(self, tokens: Tokens, draft: Draft, data: bytes) -> None:
        self.tokens = tokens
        self.draft = draft
        self.module = Module.from_bytes(data)
        self.imported = draft.imported_funcs

    def problems(self) -> Iterator[Problem]:
        """All that are independent: the first of each function, and the first outside functions."""
        try:
            validate(self.module)
        except WasmError as error:
            if "code section" not in error.position.path:
                yield self._of_item(error)
            yield from self._of_functions()

    def _of_functions(self) -> Iterator[Problem]:
        try:
            known = context(self.module)
        except WasmError:  # of the types, which were reported
            return
        for at, func in enumerate(self.draft.funcs):
            if func.broken:
                continue
            try:
                check_func(self.module, known, self.imported + at)
            except WasmError as error:
                yield self._in_function(error, at, func)

    def _of_item(self, error: WasmError) -> Problem:
        found = next(filter(None, map(_ITEM.match, reversed(error.position.path))), None)
        token = self.draft.start_token
        if found is not None and found[1] == "export":
            token = self.draft.export_tokens[int(found[2])]
        elif found is not None:
            token = self.draft.tokens[SPACES[found[1]]][int(found[2])]
        return Problem(error.message, self.tokens.starts[token], self.tokens.ends[token])

    def _in_function(self, error: WasmError, at: int, func: Function) -> Problem:
        index = self._instruction(error, at, func)
        token = func.code.tokens[index] if 0 <= index < len(func.code.tokens) else func.last
        note = origin(error.message, self.tokens, self.draft, func, index)
        return Problem(error.message, self.tokens.starts[token], self.tokens.ends[token], note)

    def _instruction(self, error: WasmError, at: int, func: Function) -> int:
        """The index of the instruction an error is about; the number of all for the end of the function."""
        span = self.module.source.func_span(self.imported + at)
        if span is None or error.position.offset is None:
            return -1
        _, place = read_locals(self.module.source.data, *span)
        for index, instr in enumerate(func.code.instrs):
            place += len(encode([instr]))
            if place > error.position.offset:
                return index
        return len(func.code.instrs)
