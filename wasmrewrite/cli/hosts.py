"""``--host MODULE:ATTRIBUTE``: a host written in Python, out of an installed module. Not here: what it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from .escape import quoted

if TYPE_CHECKING:
    from ..equiv.supplied import SuppliedHost


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
        except ModuleNotFoundError as error:
            raise click.UsageError(f"module {quoted(module)} cannot be imported: {error}") from None
    if found is None:
        raise click.UsageError(
            f"no module {quoted(module)} is installed; what lies in the current directory does not count"
        )
    for name in attribute.split("."):
        if not hasattr(found, name):
            raise click.UsageError(f"module {quoted(module)} has no {quoted(attribute)}")
        found = getattr(found, name)
    host: SuppliedHost = found
    return host


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
