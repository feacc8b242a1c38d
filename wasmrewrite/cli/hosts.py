"""``--host MODULE:ATTRIBUTE``: a host written in Python, out of an installed module. Not here: what it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ..errors import ConfigError, WasmError
from ..escape import quoted
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..equiv.hosts.user_functions import SuppliedHost
    from ..runtime import Store


def load(text: str) -> SuppliedHost:
    """The host that ``MODULE:ATTRIBUTE`` names. Raises ``click.UsageError``.

    The module has to be installed, or on the search path by the user's own doing: a file that merely lies in the
    current directory, beside an input perhaps, is not run.
    """
    module, colon, attribute = text.partition(":")
    if not colon or not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
        raise click.UsageError(f"{quoted(text)} is no MODULE:ATTRIBUTE, such as my_package.hosts:make")
    with _without_current_directory():
        try:
            found: Any = import_module(module) if find_spec(module) is not None else None
        except Exception as error:  # the user's code, or what it imports, may raise anything
            raise click.UsageError(f"module {quoted(module)} cannot be imported: {_said(error)}") from error
    if found is None:
        raise click.UsageError(
            f"no module {quoted(module)} is installed; what lies in the current directory does not count"
        )
    for name in attribute.split("."):
        if not hasattr(found, name):
            near = did_you_mean(name, (each for each in dir(found) if not each.startswith("_")))
            raise click.UsageError(f"module {quoted(module)} has no {quoted(attribute)}{near}")
        found = getattr(found, name)
    return _guarded(found, text) if callable(found) else found


def _guarded(make: Callable[[Store], Any], text: str) -> SuppliedHost:
    """What makes a host; whatever it raises is a mistake in it, not of ours."""

    def made(store: Store) -> Any:
        try:
            return make(store)
        except WasmError:
            raise
        except Exception as error:
            raise ConfigError(f"host {text} cannot be made: {_said(error)}") from error

    return made


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def _without_current_directory() -> Iterator[None]:
    """Leave out the entry that Python puts in front by itself when it is started with ``-m`` or ``-c``."""
    first = sys.path[0] if sys.path and not sys.flags.safe_path else None
    hidden = first is not None and (not first or os.path.realpath(first) == os.path.realpath(os.curdir))
    if hidden:
        sys.path.pop(0)
    try:
        yield
    finally:
        if hidden and first is not None:
            sys.path.insert(0, first)
