"""The doors of ``Module`` to the rooms above it: reading, writing and validation, filled in when ``model`` is imported.

This is what lets ``Module.from_bytes`` and ``to_bytes`` be members while ``model`` imports nothing of ``codec`` or
``validate``. Each room is imported at the first use of its door, since many commands need one of them only. Not here:
anything that those rooms do.
"""

from __future__ import annotations

from .model.module import Module
from .model.source import Source


class _Doors:
    """``model.module.Doors``, each member a call of the room in question."""

    def source(self, data: bytes) -> Source:
        from .codec import BytesSource

        return BytesSource(bytes(data))

    def decode_all(self, source: Source) -> None:
        from .codec import decode_all

        decode_all(source)

    def validate(self, module: Module) -> None:
        from .validate import validate

        validate(module)

    def write(self, module: Module) -> bytes:
        from .codec import write

        return write(module).data

    def assemble(self, text: str | bytes) -> bytes:
        from .text.assemble import assemble

        return assemble(text)

    def print(self, data: bytes, fold: bool) -> str:
        from .text.printer import Style, print_module

        return print_module(data, Style(fold=fold))

    def reencode(self, data: bytes) -> bytes:
        from .codec import reencode

        return reencode(data)


Module.doors = _Doors()
