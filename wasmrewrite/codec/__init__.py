"""Bytes to modules and back (specification, chapter 5): ``BytesSource``, ``write``, ``reencode``."""

from __future__ import annotations

from ..errors import MalformedError
from ..model.source import Source
from .frame import Section, frame
from .pieces import Moved
from .reencode import reencode
from .source import BytesSource
from .write import Written, write


def decode_all(source: Source) -> None:
    """Read everything in a module's bytes and keep nothing. Raises ``MalformedError`` for what does not decode."""
    if reencode(source.data) != source.data:
        raise MalformedError("the module does not come back when it is written anew")


__all__ = ["BytesSource", "Moved", "Section", "Written", "decode_all", "frame", "reencode", "write"]
