"""Loads and stores of one number (specification 4.6.8): how the bytes read, not where they may be.

What they are is data (``LOADS``, ``STORES``). In Python a reader has the shape of ``Struct.unpack_from``:
``read(data, address)`` gives a tuple of one. A writer has that of ``pack_into``: ``write(data, address, value)``. The
machine checks bounds before. Not here: whole ranges (``items``).
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, Final, NamedTuple, TypeAlias

Read: TypeAlias = Callable[[Any, int], tuple[Any]]
Write: TypeAlias = Callable[[Any, int, Any], None]


class Access(NamedTuple):
    """``size``: bytes. ``signed``: whether a load puts the sign in front. ``type``: of the number on the stack."""

    size: int
    signed: bool
    type: str


_WIDTHS: Final = {"i32": 4, "i64": 8, "f32": 4, "f64": 8}

LOADS: Final[dict[str, Access]] = {
    "i32.load": Access(4, False, "i32"),
    "i64.load": Access(8, False, "i64"),
    "f32.load": Access(4, False, "f32"),
    "f64.load": Access(8, False, "f64"),
    "i32.load8_s": Access(1, True, "i32"),
    "i32.load8_u": Access(1, False, "i32"),
    "i32.load16_s": Access(2, True, "i32"),
    "i32.load16_u": Access(2, False, "i32"),
    "i64.load8_s": Access(1, True, "i64"),
    "i64.load8_u": Access(1, False, "i64"),
    "i64.load16_s": Access(2, True, "i64"),
    "i64.load16_u": Access(2, False, "i64"),
    "i64.load32_s": Access(4, True, "i64"),
    "i64.load32_u": Access(4, False, "i64"),
}
STORES: Final[dict[str, Access]] = {
    "i32.store": Access(4, False, "i32"),
    "i64.store": Access(8, False, "i64"),
    "f32.store": Access(4, False, "f32"),
    "f64.store": Access(8, False, "f64"),
    "i32.store8": Access(1, False, "i32"),
    "i32.store16": Access(2, False, "i32"),
    "i64.store8": Access(1, False, "i64"),
    "i64.store16": Access(2, False, "i64"),
    "i64.store32": Access(4, False, "i64"),
}
"""Written out, for ``tools/meanings_c.py`` reads them without running anything."""

_UNSIGNED: Final = {1: Struct("<B"), 2: Struct("<H"), 4: Struct("<I"), 8: Struct("<Q")}
_SIGNED: Final = {1: Struct("<b"), 2: Struct("<h"), 4: Struct("<i")}
_DOUBLE: Final = Struct("<d")


def _reader(access: Access) -> Read:
    if access.type == "f64":
        return _DOUBLE.unpack_from
    if not access.signed:
        return _UNSIGNED[access.size].unpack_from
    unpack = _SIGNED[access.size].unpack_from
    mask = (1 << 8 * _WIDTHS[access.type]) - 1

    def read(data: Any, address: int) -> tuple[int]:
        return (unpack(data, address)[0] & mask,)

    return read


def _writer(access: Access) -> Write:
    if access.type == "f64":
        return _DOUBLE.pack_into
    pack = _UNSIGNED[access.size].pack_into
    if access.size == _WIDTHS[access.type]:
        return pack
    mask = (1 << 8 * access.size) - 1

    def write(data: Any, address: int, value: int) -> None:
        pack(data, address, value & mask)

    return write


READS: Final[dict[str, tuple[int, Read]]] = {name: (each.size, _reader(each)) for name, each in LOADS.items()}
"""Mnemonic to bytes accessed and reader."""

WRITES: Final[dict[str, tuple[int, Write]]] = {name: (each.size, _writer(each)) for name, each in STORES.items()}
"""Mnemonic to bytes accessed and writer."""
