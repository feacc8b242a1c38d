"""Bytes to modules and back (specification, chapter 5): ``load``, ``write``, ``reencode``."""

from __future__ import annotations

from typing import TypeVar

from ..errors import MalformedError
from ..model.module import Module
from .frame import Section, frame
from .pieces import Moved
from .reencode import reencode
from .source import BytesSource
from .write import Written, write

Loaded = TypeVar("Loaded", bound=Module)


def load(data: bytes, cls: type[Loaded]) -> Loaded:
    """A module over ``data``; only the frame is looked at. Raises ``MalformedError``."""
    return cls(BytesSource(bytes(data)))


def decode_all(module: Module) -> None:
    """Read everything in the module's bytes and keep nothing. Raises ``MalformedError`` for what does not decode."""
    source = module.source
    if reencode(source.data) != source.data:
        raise MalformedError("the module does not come back when it is written anew")


__all__ = ["BytesSource", "Moved", "Section", "Written", "decode_all", "frame", "load", "reencode", "write"]
