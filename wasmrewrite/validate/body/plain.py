"""The plain way through a body: every instruction by its rule or its signature, one after the other.

It decides, raises every error, and says where. Not here: rules (``rules``, ``gc_rules``), the quick way (``fast``).
"""

from __future__ import annotations

from ...isa.leb import Buffer
from ...kernels.decode import decode
from .checker import Checker
from .recording import Recording


def check(buf: Buffer, start: int, end: int, checker: Checker, recording: Recording | None = None) -> None:
    """Validate ``buf[start:end]``. Raises InvalidError, MalformedError or LimitError, with an absolute offset.

    Bytes that are no expression come first, whatever else is wrong with them.
    """
    for offset, op, operands in decode(buf, start, end):
        checker.offset = offset
        if recording is not None:
            recording.arrive(offset)
        checker.step(op, operands)
        if recording is not None:
            recording.measure()
