"""The ``target_features`` section (tool conventions): a list of (prefix: "+" used or "-" not to be used, name)."""

from __future__ import annotations

from typing import Final

from construct import FocusedSeq, Terminated

from ...isa.leb import Buffer
from ...isa.operand_bytes import read_byte
from ...messages import malformed
from ..parts import Kernel, Name, Record, Vector

_PREFIXES: Final = "+-="  # "=" (required) is no longer written, but old objects have it


def _read_prefix(buf: Buffer, pos: int, end: int) -> tuple[str, int]:
    code, after = read_byte(buf, pos, end)
    if chr(code) not in _PREFIXES:
        raise malformed("feature-prefix", pos)
    return chr(code), after


_FEATURE: Final = Record("prefix" / Kernel(_read_prefix, lambda prefix: prefix.encode("ascii")), "name" / Name)

TARGET_FEATURES: Final = FocusedSeq("content", "content" / Vector("feature", _FEATURE), Terminated)
