"""Custom sections that are a sequence of (id, size, contents): ``name`` and ``dylink.0``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from construct import Construct, Container

from ...errors import LimitError, Position, WasmError
from ...isa.leb import Buffer
from ...messages import section_size_mismatch
from ..parts import read_count, write_length
from ..stream import Sink, Span, Window

_MAX_SUBSECTIONS = 256  # an id is a byte, and each comes once


class Subsections(Construct):
    """Subsections up to the end, as records (id, size, contents, problem).

    ``contents`` is a span where the id is unknown, or where the contents are broken; then ``problem`` is the
    MalformedError that says why, else None. An unreadable size cannot be kept: that raises.
    """

    def __init__(self, known: Mapping[int, Construct]) -> None:
        super().__init__()
        self.known = known

    def _parse(self, stream: Window, context: Any, path: str) -> list[Container]:
        records: list[Container] = []
        while stream.pos < stream.end:
            if len(records) == _MAX_SUBSECTIONS:
                raise LimitError(f"more than {_MAX_SUBSECTIONS} subsections", Position(stream.pos))
            number = stream.buf[stream.pos]
            size, start = read_count(stream.buf, stream.pos + 1, stream.end)
            stream.pos = start + size
            contents, problem = self._contents(number, Window(stream.buf, start, stream.pos), context)
            records.append(Container(id=number, size=size, contents=contents, problem=problem))
        return records

    def _contents(self, number: int, window: Window, context: Any) -> tuple[Any, WasmError | None]:
        whole: Span = (window.pos, window.end)
        known = self.known.get(number)
        if known is None:
            return whole, None
        try:
            contents = known._parse(window, context, "")
            if window.pos != window.end:
                raise section_size_mismatch(window.pos)
        except WasmError as error:
            return whole, error.within(f"subsection {number}")
        return contents, None

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        for record in obj:
            inner = Sink(stream.source)
            known, contents = self.known.get(record["id"]), record["contents"]
            if known is None or record.get("problem") is not None:
                inner.write(inner.content(contents))
            else:
                known._build(contents, inner, context, path)
            data = inner.getvalue()
            stream.write(bytes((record["id"],)))
            stream.write(write_length(len(data), record.get("size")))
            stream.write(data)
        return obj


def read_spans(buf: Buffer, start: int, end: int) -> list[Span]:
    """Where the contents of each subsection lie. Raises ``WasmError`` where the subsections cannot be read."""
    return [record["contents"] for record in Subsections({})._parse(Window(buf, start, end), None, "")]
