"""Options that several verbs have, declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import click

from .streams import STANDARD

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator: TypeAlias = Callable[[Decorated], Decorated]

FILE = click.Path(dir_okay=True, allow_dash=True)  # what cannot be opened is reported when it is opened


class Integer(click.types.IntParamType):
    """A number in digits that everybody reads: Python's own take those of any script."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read one. Fails with a usage error."""
        if not str(value).isascii():
            self.fail(f"{value!r} is not a valid integer.", param, ctx)
        return super().convert(value, param, ctx)


class Whole(Integer, click.IntRange):
    """Such a number within bounds."""


def module_argument(name: str) -> Callable[[Decorated], Decorated]:
    """A module to read; ``-`` is standard input."""
    return click.argument(name, type=FILE)


def report_output(function: Decorated) -> Decorated:
    """``-o`` and ``--format`` of a verb whose result is a report."""
    function = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Report for people, or for programs.",
    )(function)
    return click.option(
        "-o", "--output", type=FILE, default=STANDARD, help="Write the report here instead of standard output."
    )(function)
