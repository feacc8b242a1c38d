"""What went wrong, as lines for people and an exit code."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import NoArgsIsHelpError

from ..errors import (
    ConfigError,
    Exhaustion,
    InternalError,
    InvalidError,
    LimitError,
    LinkError,
    MalformedError,
    OutputError,
    RewriteError,
    Trap,
    WasmError,
    excerpt,
)
from ..escape import for_terminal
from . import exits
from .streams import BlamedError, Input
from .suggest import unknown_option

if TYPE_CHECKING:
    from ..text.problem import TextError

DEBUG: Final = "WASMREWRITE_DEBUG"

_CODES: Final[dict[type[WasmError], int]] = {
    ConfigError: exits.USAGE,
    InternalError: exits.INTERNAL,
    InvalidError: exits.BAD_INPUT,
    LimitError: exits.BAD_INPUT,
    LinkError: exits.BAD_INPUT,
    MalformedError: exits.BAD_INPUT,
    OutputError: exits.INTERNAL,
    RewriteError: exits.BAD_INPUT,
    Trap: exits.FOUND,
}


def code_of(error: BaseException) -> int:
    """The exit code that says what kind of failure this is."""
    if isinstance(error, BlamedError):
        return code_of(error.error)
    if isinstance(error, click.UsageError):
        return exits.USAGE
    if isinstance(error, OSError | click.ClickException):
        return exits.BAD_INPUT
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), exits.INTERNAL)


def code_of_run(error: BaseException) -> int:
    """The exit code of ``run``, which leaves all others to the program. A limit of ours is no trap of the program."""
    cause = error.error if isinstance(error, BlamedError) else error
    trapped = isinstance(cause, Trap) and not isinstance(cause, Exhaustion)
    return exits.TRAPPED if trapped else exits.RUN_FAILED


def lines_of(error: BaseException) -> list[str]:
    """One line that says it, then what helps to understand: bytes with a caret, how to call the verb."""
    if isinstance(error, BlamedError):
        return _blamed(error.error, error.source)
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        return [f"error: {for_terminal(error.format_message())}"]
    if isinstance(error, WasmError):
        return [f"error: {for_terminal(str(error))}"]
    if isinstance(error, OSError):
        name = f"{for_terminal(os.fsdecode(error.filename))}: " if isinstance(error.filename, str | bytes) else ""
        return [f"error: {name}{for_terminal(error.strerror or str(error))}"]
    return _unexpected(error)


def _blamed(error: WasmError, source: Input) -> list[str]:
    if source.text is not None or source.is_text:
        return _in_text(error, source)
    lines = [f"error: {source.name}: {for_terminal(str(error))}"]
    _, _, picture = excerpt(error, source.data).removeprefix(str(error)).partition("\n")
    lines += picture.split("\n") if picture else []
    hint = source.hint() if isinstance(error, MalformedError) else None
    return [*lines, f"  {hint}"] if hint else lines


def _in_text(error: WasmError, source: Input) -> list[str]:
    """An error in a module that came from text: the places in the text, if it is about any."""
    from ..text.problem import TextError

    found = error if isinstance(error, TextError) else None
    if found is None and isinstance(error, InvalidError) and source.text is not None:
        found = _in_place(source.text)
    if found is None:
        return [f"error: {source.name}: {for_terminal(str(error))}"]
    return [for_terminal(line) for line in found.report(source.name)]


def _in_place(text: bytes) -> TextError | None:
    """What is invalid in a text, with its places."""
    from ..text.check import assemble_valid
    from ..text.problem import TextError

    try:
        assemble_valid(text)
    except TextError as error:
        return error
    return None


def _usage(error: click.UsageError) -> list[str]:
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message().split("\n")
    lines = [f"error: {for_terminal(_usage_message(error))}"]
    if error.ctx is not None:
        lines.append(f"  '{error.ctx.command_path} --help' says more.")
    return lines


def _usage_message(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        return unknown_option(error.option_name, error.ctx.command, error.ctx.info_name)
    return error.format_message()


def _unexpected(error: BaseException) -> list[str]:
    lines = [f"error: internal error: {type(error).__name__}: {for_terminal(str(error))}"]
    if os.environ.get(DEBUG):
        report = "".join(traceback.format_exception(error)).splitlines()
        return [*lines, *map(for_terminal, report)]
    return [*lines, f"  This is a mistake of wasmrewrite itself. {DEBUG}=1 shows where it happened."]
