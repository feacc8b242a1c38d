"""What a verb found, as a document for people and as data for programs, and its way out.

A document is a list of lines and tables. Tables are aligned columns; on a terminal rich folds them to its width.
Every cell and line must be harmless already (``escape``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..escape import as_json
from . import streams

Format: TypeAlias = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings; columns named in ``right`` hold numbers."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: tuple[str, ...] = ()
    indent: int = 2

    def plain(self) -> str:
        """Aligned columns, nothing folded or cut, no blanks at the end of lines."""
        lines = [self.headings, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.headings))]
        return "\n".join(self._line(line, widths) for line in lines)

    def _line(self, cells: tuple[str, ...], widths: list[int]) -> str:
        columns = zip(self.headings, cells, widths, strict=True)
        padded = [cell.rjust(width) if name in self.right else cell.ljust(width) for name, cell, width in columns]
        return (" " * self.indent + "  ".join(padded)).rstrip()


Document: TypeAlias = list[str | Table]


@dataclass(slots=True)
class Report:
    """``document`` for people; ``data``, which begins with its ``schema``, for programs."""

    data: dict[str, Any]
    document: Document = field(default_factory=list)

    def render(self, form: Format) -> str:
        """The whole as text that ends with a line break."""
        if form == "json":
            return as_json(self.data)
        return "".join((part.plain() if isinstance(part, Table) else part) + "\n" for part in self.document)


def emit(report: Report, form: Format, output: str) -> None:
    """Print ``report``, or write it to a file. Raises ``OSError``."""
    if output != streams.STANDARD:
        streams.write_all([(output, report.render(form).encode("utf-8", "backslashreplace"))])
    elif form == "text" and streams.standard_output().isatty():
        _print_on_terminal(report.document)
    else:
        streams.standard_output().write(report.render(form))


def _print_on_terminal(document: Document) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as RichTable
    from rich.text import Text

    # Text objects, and nothing switched on: names must come out as they are, not as markup or emoji.
    console = Console(markup=False, highlight=False, emoji=False)
    for part in document:
        if isinstance(part, str):
            console.print(Text(part), soft_wrap=True)
            continue
        table = RichTable(box=None, pad_edge=False, header_style="bold")
        for name in part.headings:
            table.add_column(Text(name), justify="right" if name in part.right else "left", overflow="fold")
        for row in part.rows:
            table.add_row(*map(Text, row))
        console.print(Padding(table, (0, 0, 0, part.indent)))
