"""Write a module anew without copying: every section, entry and operand is read, and written from its value.

The result equals the input, because every value remembers how wide it was written. Not here: single sections
(``anew``), writing a model that was edited (``write``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..isa.leb import Buffer, in_width, write_u
from .anew import contents_anew
from .frame import DATA_COUNT, PREAMBLE, frame


def reencode(data: Buffer) -> bytes:
    """Decode ``data`` completely and encode it again; gives ``data`` back. Raises MalformedError.

    Works body by body: the memory needed is a few times the size of the module.
    """
    return b"".join(_pieces(data))


def _pieces(data: Buffer) -> Iterator[bytes]:
    yield PREAMBLE
    sections = frame(data)
    data_counted = any(section.id == DATA_COUNT for section in sections)
    for section in sections:
        contents = contents_anew(data, section.id, section.contents, section.end, data_counted)
        yield bytes((section.id,))
        yield write_u(in_width(len(contents), section.size_width))
        yield contents
