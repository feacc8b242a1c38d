"""One section written anew from its values, nothing copied: what ``reencode`` does for all of them.

Not here: which sections there are (``frame``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..errors import MalformedError, WasmError
from ..isa.immediates import Space
from ..isa.leb import Buffer
from ..isa.table import ROWS
from ..kernels.decode import RawInstr, decode
from ..kernels.encode import encode
from ..kernels.skip import skip_expr
from ..messages import data_count_required
from . import custom
from .code import read_locals, write_locals
from .sections import build_section, parse_section, section_path
from .stream import Span

_CUSTOM, _CODE = 0, 10
_DATA_CODES: Final = frozenset(op.code for op in ROWS if any(kind.space is Space.DATA for kind in op.operands))


def contents_anew(data: Buffer, section_id: int, start: int, end: int, data_counted: bool = True) -> bytes:
    """Decode the contents ``start`` to ``end`` of a section completely, and encode them again.

    ``data_counted`` says whether the module has a data count section. Raises MalformedError.
    """
    record = parse_section(section_id, data, start, end)
    if section_id == _CODE:
        _bodies_anew(data, record, data_counted)
    elif section_id == _CUSTOM:
        _custom_anew(data, record)
    try:
        return build_section(section_id, record, data, lambda span: encode_anew(decode(data, *span)))
    except WasmError as error:
        error.within(section_path(section_id))
        raise


def encode_anew(instrs: Iterable[RawInstr]) -> bytes:
    """Encode decoded instructions."""
    return encode([(op, operands) for _, op, operands in instrs])


def body_anew(data: Buffer, span: Span, data_counted: bool = True) -> bytes:
    """Decode the code entry at ``span`` (its size not included) and encode it again."""
    runs, start = read_locals(data, *span)
    try:
        instrs = decode(data, start, span[1])
    except MalformedError as error:
        if error.position.offset == span[1]:
            skip_expr(data, start, len(data))  # as for sections: say what lies on the way, if there is something
        raise
    if not data_counted:
        _refuse_data_operands(instrs)
    return write_locals(runs) + encode_anew(instrs)


def _refuse_data_operands(instrs: Iterable[RawInstr]) -> None:
    for offset, op, _ in instrs:
        if op.code in _DATA_CODES:
            raise data_count_required(offset)


def _bodies_anew(data: Buffer, entries: list[Any], data_counted: bool) -> None:
    """Put new bytes in place of the spans of code entries."""
    for number, entry in enumerate(entries):
        try:
            entry.span = body_anew(data, entry.span, data_counted)
        except WasmError as error:
            error.within(section_path(_CODE), f"func[{number}]")
            raise


def _custom_anew(data: Buffer, record: Any) -> None:
    """Put new bytes in place of the span of a custom section that is known and sound."""
    reading = custom.read(record.name, data, *record.data)
    if reading.record is not None:
        record.data = custom.write(record.name, reading.record, data)
