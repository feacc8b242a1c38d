"""The way in and out of the process: ``main`` is what the ``wasmrewrite`` command calls.

What takes long to import is imported inside: an interrupt before ``call`` can say anything ends the process silently.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NoReturn

from . import exits

if TYPE_CHECKING:
    import click

_COMPLETION: Final = "_WASMREWRITE_COMPLETE"
"""The environment variable in which a shell asks what may be completed."""
_ALLOCATIONS: Final = 100_000
"""How many objects more than before there must be for Python to look for garbage."""


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    # Items of a large module are many and live long: looking for garbage among them again and again finds none.
    gc.set_threshold(_ALLOCATIONS)
    for name in ("SIGTERM", "SIGHUP"):
        _clean_up_on(getattr(signal, name, None))
    asked = os.environ.get(_COMPLETION)
    if asked:
        sys.exit(_complete(asked))
    sys.exit(call(sys.argv[1:]))


def _complete(asked: str) -> int:
    with _interrupts_end_it():
        from .completion import answer
        from .verbs import wasmrewrite

        return answer(wasmrewrite, _COMPLETION, asked)


def call(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code. Everything it has to say is on the standard streams."""
    with _interrupts_end_it():
        import click

        from .failure import code_of, code_of_run
        from .streams import OUTPUT, tame_standard_streams
        from .verbs import wasmrewrite
    code_of_failure = code_of_run if list(arguments[:1]) == ["run"] else code_of
    try:
        tame_standard_streams()
        code = _call(wasmrewrite, list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_standard_output()
        return exits.CLOSED_PIPE
    except (KeyboardInterrupt, click.Abort):
        return exits.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place where anything can be said about it
        _say(error)
        if isinstance(error, OSError) and error.filename == OUTPUT:
            _forget_standard_output()
        return code_of_failure(error)
    return code


@contextmanager
def _interrupts_end_it() -> Iterator[None]:
    """Inside, SIGINT ends the process as it does others, without a word, unless it is ignored or somebody's own."""
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not ours or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _clean_up_on(number: signal.Signals | None) -> None:
    """Let a signal that asks the process to end unwind it, so that temporary files and child processes go with it."""
    if number is not None and signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, _leave)


def _leave(number: int, _frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
    raise SystemExit(128 + number)


def _call(verbs: click.Group, arguments: list[str]) -> int:
    """The verb's exit code: what it returned, or asked click for."""
    # Not click's own main: that one has an opinion on closed pipes and interrupts.
    import click

    try:
        with verbs.make_context("wasmrewrite", arguments) as context:
            code = verbs.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return code if isinstance(code, int) else exits.FINE


def _say(error: BaseException) -> None:
    from .failure import lines_of

    with suppress(OSError):
        sys.stdout.flush()
    with suppress(OSError):
        print(*lines_of(error), sep="\n", file=sys.stderr)


def _forget_standard_output() -> None:
    """Nobody reads any more, or there is no room: let what is buffered go nowhere, or Python complains at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
