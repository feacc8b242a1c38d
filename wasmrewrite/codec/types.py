"""How types lie in sections (specification 5.3): kernels for both directions, and their Construct declarations.

Values are ``isa.types`` objects in which defined types are still indices. Value and reference types themselves stand in
``isa.operand_bytes``, since instructions have them too. Not here: which section holds what (``sections``).
"""

from __future__ import annotations

from typing import Any

from construct import Computed, Construct, IfThenElse, this

from ..errors import MalformedError, WasmError
from ..isa.leb import Buffer, read_u32, read_u64, write_u
from ..isa.operand_bytes import (
    read_byte,
    read_reftype,
    read_valtype,
    read_valtypes,
    vector_of,
    write_byte,
    write_count,
    write_valtype,
    write_valtypes,
)
from ..isa.proposals import COMPOSITES, MUTABILITIES, PAGE_SIZES, unsupported
from ..isa.types import (
    I32,
    I64,
    PACKED,
    ArrayType,
    CompositeType,
    FieldType,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    PackedType,
    StorageType,
    StructType,
    TableType,
)
from ..messages import integer_too_long, malformed, malformed_limits_flags, malformed_mutability
from .parts import U32, Indices, Kernel, Record, Vector, read_count
from .stream import Sink, Window

_HAS_MAXIMUM, _SHARED, _I64, _PAGE_SIZE = 1, 2, 4, 8
_REC = 0x4E
_FORMS = {0x50: "sub", 0x4F: "sub final"}
_FORM_CODES = {form: code for code, form in _FORMS.items()}
_FUNC, _STRUCT, _ARRAY = 0x60, 0x5F, 0x5E
_PACKED_OF_CODE = {packed.code: packed for packed in PACKED.values()}


def read_limits(buf: Buffer, pos: int, end: int, paged: bool = False) -> tuple[Limits, int]:
    """Read limits: one flags byte (bit 0: a maximum follows, 1: shared, 2: 64-bit addresses), then one or two u64.

    Bounds beyond 32 bits are well-formed with 32-bit addresses too; validation refuses them. ``paged``: of a memory.
    """
    flags, after = read_byte(buf, pos, end)
    if flags > _HAS_MAXIMUM | _SHARED | _I64:
        raise (_custom_page_size(buf, pos, end) if paged else None) or malformed_limits_flags(pos)
    minimum, after = read_u64(buf, after, end)
    maximum = None
    if flags & _HAS_MAXIMUM:
        maximum, after = read_u64(buf, after, end)
    return Limits(minimum, maximum, I64 if flags & _I64 else I32, bool(flags & _SHARED)), after


def _custom_page_size(buf: Buffer, pos: int, end: int) -> MalformedError | None:
    """What to say of limits that have a page size, if they are complete."""
    flags = buf[pos]
    if flags & ~(_HAS_MAXIMUM | _SHARED | _I64) != _PAGE_SIZE:
        return None
    try:
        _, after = read_u64(buf, pos + 1, end)
        if flags & _HAS_MAXIMUM:
            _, after = read_u64(buf, after, end)
        read_u32(buf, after, end)
    except WasmError:
        return None
    return unsupported(PAGE_SIZES, pos)


def write_limits(limits: Limits) -> bytes:
    """Write limits."""
    flags = _SHARED * limits.shared | _I64 * (limits.address is I64)
    if limits.maximum is None:
        return bytes((flags,)) + write_u(limits.minimum)
    return bytes((flags | _HAS_MAXIMUM,)) + write_u(limits.minimum) + write_u(limits.maximum)


def read_table_type(buf: Buffer, pos: int, end: int) -> tuple[TableType, int]:
    """Read a table type."""
    element, pos = read_reftype(buf, pos, end)
    limits, pos = read_limits(buf, pos, end)
    return TableType(element, limits), pos


def write_table_type(table: TableType) -> bytes:
    """Write a table type."""
    return write_valtype(table.element) + write_limits(table.limits)


def read_memory_type(buf: Buffer, pos: int, end: int) -> tuple[MemoryType, int]:
    """Read a memory type."""
    limits, pos = read_limits(buf, pos, end, paged=True)
    return MemoryType(limits), pos


def write_memory_type(memory: MemoryType) -> bytes:
    """Write a memory type."""
    return write_limits(memory.limits)


def _read_mutability(buf: Buffer, pos: int, end: int) -> tuple[bool, int]:
    flag, after = read_byte(buf, pos, end)
    if flag > 1:
        raise unsupported(MUTABILITIES.get(flag), pos) or malformed_mutability(pos)
    return bool(flag), after


def read_global_type(buf: Buffer, pos: int, end: int) -> tuple[GlobalType, int]:
    """Read a global type."""
    value, pos = read_valtype(buf, pos, end)
    mutable, pos = _read_mutability(buf, pos, end)
    return GlobalType(value, mutable), pos


def write_global_type(variable: GlobalType) -> bytes:
    """Write a global type."""
    return write_valtype(variable.value) + bytes((variable.mutable,))


def _read_field(buf: Buffer, pos: int, end: int) -> tuple[FieldType, int]:
    storage: StorageType | None = _PACKED_OF_CODE.get(buf[pos]) if pos < end else None
    if storage is None:
        storage, pos = read_valtype(buf, pos, end)
    else:
        pos += 1
    mutable, pos = _read_mutability(buf, pos, end)
    return FieldType(storage, mutable), pos


def _write_field(field: FieldType) -> bytes:
    storage = field.storage
    code = bytes((storage.code,)) if isinstance(storage, PackedType) else write_valtype(storage)
    return code + bytes((field.mutable,))


def _read_struct(buf: Buffer, pos: int, end: int) -> tuple[StructType, int]:
    count, pos = read_count(buf, pos, end)
    fields = []
    for _ in range(count):
        field, pos = _read_field(buf, pos, end)
        fields.append(field)
    return StructType(vector_of(count, fields)), pos


def read_composite(buf: Buffer, pos: int, end: int) -> tuple[CompositeType, int]:
    """Read a function, structure or array type."""
    code, after = read_byte(buf, pos, end)
    if code == _FUNC:
        params, after = read_valtypes(buf, after, end)
        results, after = read_valtypes(buf, after, end)
        return FuncType(params, results), after
    if code == _STRUCT:
        return _read_struct(buf, after, end)
    if code == _ARRAY:
        field, after = _read_field(buf, after, end)
        return ArrayType(field), after
    if code & 0x80:  # the specification reads a signed integer of 7 bits here
        raise integer_too_long(pos)
    raise unsupported(COMPOSITES.get(code), pos) or malformed("definition-type", pos)


def write_composite(composite: CompositeType) -> bytes:
    """Write a function, structure or array type."""
    if isinstance(composite, FuncType):
        return bytes((_FUNC,)) + write_valtypes(composite.params) + write_valtypes(composite.results)
    if isinstance(composite, StructType):
        return bytes((_STRUCT,)) + write_count(composite.fields) + b"".join(map(_write_field, composite.fields))
    return bytes((_ARRAY,)) + _write_field(composite.field)


def _read_rec(buf: Buffer, pos: int, end: int) -> tuple[bool, int]:
    explicit = pos < end and buf[pos] == _REC
    return explicit, pos + explicit


def _write_rec(explicit: bool) -> bytes:
    return bytes((_REC,)) if explicit else b""


def _read_form(buf: Buffer, pos: int, end: int) -> tuple[str | None, int]:
    form = _FORMS.get(buf[pos]) if pos < end else None
    return form, pos if form is None else pos + 1


def _write_form(form: str | None) -> bytes:
    return b"" if form is None else bytes((_FORM_CODES[form],))


def _read_attribute(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    attribute, after = read_byte(buf, pos, end)
    if attribute:
        raise malformed("tag-attribute", pos)
    return attribute, after


class _Single(Construct):
    """One record where the other form has a vector of them: a list of one."""

    def __init__(self, item: Construct) -> None:
        super().__init__()
        self.item = item

    def _parse(self, stream: Window, context: Any, path: str) -> list[Any]:
        return [self.item._parse(stream, context, path)]

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        (only,) = obj
        return self.item._build(only, stream, context, path)


TABLE_TYPE = Kernel(read_table_type, write_table_type)
MEMORY_TYPE = Kernel(read_memory_type, write_memory_type)
GLOBAL_TYPE = Kernel(read_global_type, write_global_type)
TAG_TYPE = Record("attribute" / Kernel(_read_attribute, write_byte), "type" / U32)
REF_TYPE = Kernel(read_reftype, write_valtype)
SUB_TYPE = Record(
    "form" / Kernel(_read_form, _write_form),
    "supers" / IfThenElse(this.form, Indices, Computed(())),
    "composite" / Kernel(read_composite, write_composite),
)
REC_TYPE = Record(
    "explicit" / Kernel(_read_rec, _write_rec),
    "types" / IfThenElse(this.explicit, Vector("type", SUB_TYPE), _Single(SUB_TYPE)),
)
