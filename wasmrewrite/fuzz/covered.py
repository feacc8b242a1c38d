"""Which lines of passes a campaign has executed. Lines count that are in functions; what importing runs does not.

Only the files of the passes are watched, and only while a pipeline runs. Not here: branches, other code.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from inspect import CO_NEWLOCALS
from types import CodeType, FrameType
from typing import Any, Final, TypeAlias

from ..rewrite import ModulePass, registry

Line: TypeAlias = tuple[str, int]
"""File and number of a line."""
_CLASS_BODY: Final = "__qualname__"


def file_of(kind: type[ModulePass]) -> str:
    """The file a pass is written in."""
    return inspect.getfile(kind)


@contextmanager
def watching(passes: Iterable[ModulePass], seen: set[Line]) -> Iterator[None]:
    """Put the lines of the passes' files that are executed inside into ``seen``. Other tracing rests meanwhile."""
    files = {file_of(type(each)) for each in passes}

    def lines(frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return lines

    def calls(frame: FrameType, _event: str, _arg: Any) -> Any:
        return lines if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        yield
    finally:
        sys.settrace(before)


def lines_of(name: str) -> tuple[str, set[int]]:
    """The file of a pass, by its name, and the lines in it that a campaign could execute. Raises ``ConfigError``."""
    kind = registry.find(name)
    path = file_of(kind)
    whole = compile(inspect.getsource(sys.modules[kind.__module__]), path, "exec")
    return path, {line for code in _functions(whole) for line in _lines(code)}


def _functions(whole: CodeType) -> Iterator[CodeType]:
    """The code of all functions, however deep; class bodies are none."""
    waiting = [whole]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
        if code.co_flags & CO_NEWLOCALS and _CLASS_BODY not in code.co_names:
            yield code


def _lines(code: CodeType) -> Iterator[int]:
    """The lines of a function's code, those of functions in it and its own first line left out."""
    yield from (line for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno)
