"""Loads and stores of one number (specification 4.6.8): how the bytes read, not where they may be.

A reader has the shape of ``Struct.unpack_from``: ``read(data, address)`` gives a tuple of one. A writer has that of
``pack_into``: ``write(data, address, value)``. The machine checks bounds before; the mappings say how many bytes.
Not here: whole ranges (``items``).
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, Final, TypeAlias

Read: TypeAlias = Callable[[Any, int], tuple[Any]]
Write: TypeAlias = Callable[[Any, int, Any], None]

_UNSIGNED: Final = {8: Struct("<B"), 16: Struct("<H"), 32: Struct("<I"), 64: Struct("<Q")}
_SIGNED: Final = {8: Struct("<b"), 16: Struct("<h"), 32: Struct("<i")}
_DOUBLE: Final = Struct("<d")
_WIDTHS: Final = {"i32": 32, "i64": 64}
_PARTS: Final = [(type, bits, part) for type, bits in _WIDTHS.items() for part in (8, 16, 32) if part < bits]


def _read_signed(part: int, bits: int) -> Read:
    unpack = _SIGNED[part].unpack_from
    mask = (1 << bits) - 1

    def read(data: Any, address: int) -> tuple[int]:
        return (unpack(data, address)[0] & mask,)

    return read


def _write_part(part: int) -> Write:
    pack = _UNSIGNED[part].pack_into
    mask = (1 << part) - 1

    def write(data: Any, address: int, value: int) -> None:
        pack(data, address, value & mask)

    return write


READS: Final[dict[str, tuple[int, Read]]] = {
    **{f"{type}.load": (bits // 8, _UNSIGNED[bits].unpack_from) for type, bits in _WIDTHS.items()},
    **{f"{type}.load{part}_s": (part // 8, _read_signed(part, bits)) for type, bits, part in _PARTS},
    **{f"{type}.load{part}_u": (part // 8, _UNSIGNED[part].unpack_from) for type, _, part in _PARTS},
    "f32.load": (4, _UNSIGNED[32].unpack_from),
    "f64.load": (8, _DOUBLE.unpack_from),
}
"""Mnemonic → bytes accessed and reader."""

WRITES: Final[dict[str, tuple[int, Write]]] = {
    **{f"{type}.store": (bits // 8, _UNSIGNED[bits].pack_into) for type, bits in _WIDTHS.items()},
    **{f"{type}.store{part}": (part // 8, _write_part(part)) for type, _, part in _PARTS},
    "f32.store": (4, _UNSIGNED[32].pack_into),
    "f64.store": (8, _DOUBLE.pack_into),
}
"""Mnemonic → bytes accessed and writer."""
