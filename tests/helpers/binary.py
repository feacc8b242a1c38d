"""Binary modules put together by hand, byte by byte, without the code under test."""

from __future__ import annotations

PREAMBLE = b"\0asm\x01\0\0\0"


def leb(value: int, width: int = 1) -> bytes:
    """Unsigned LEB128 in ``width`` bytes, or more where they are needed."""
    out = bytearray()
    while value >= 0x80 or len(out) + 1 < width:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(name: str, width: int = 1) -> bytes:
    """A name, its length in ``width`` bytes."""
    data = name.encode()
    return leb(len(data), width) + data


def vector(*items: bytes, width: int = 1) -> bytes:
    """A vector, its count in ``width`` bytes."""
    return leb(len(items), width) + b"".join(items)


def section(number: int, contents: bytes, width: int = 1) -> bytes:
    """A section, its size in ``width`` bytes."""
    return bytes((number,)) + leb(len(contents), width) + contents


def custom(name: str, data: bytes = b"", width: int = 1) -> bytes:
    """A custom section."""
    return section(0, text(name) + data, width)


def module(*sections: bytes) -> bytes:
    """A module of ``sections``."""
    return PREAMBLE + b"".join(sections)
