"""Rules for structures, arrays and casts (specification 3.4.5 to 3.4.8), by mnemonic. See ``rules``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..isa.immediates import Space
from ..isa.types import (
    ANY,
    EXTERN,
    I32,
    ArrayType,
    FieldType,
    NumType,
    PackedType,
    RefType,
    StructType,
    ValType,
)
from ..messages import immutable, invalid, type_mismatch, unknown_index
from .checker import Checker
from .module_context import BOTTOM


def _struct(checker: Checker, typeidx: int) -> StructType:
    found = checker.context.types[checker.known(Space.TYPE, typeidx)]
    if not isinstance(found, StructType):
        raise type_mismatch(f"type {typeidx} is no structure", checker.offset)
    return found


def _array(checker: Checker, typeidx: int) -> FieldType:
    found = checker.context.types[checker.known(Space.TYPE, typeidx)]
    if not isinstance(found, ArrayType):
        raise type_mismatch(f"type {typeidx} is no array", checker.offset)
    return found.field


def _field(checker: Checker, operands: tuple[Any, ...]) -> FieldType:
    typeidx, field = operands
    fields = _struct(checker, typeidx).fields
    if field >= len(fields):
        raise unknown_index("field", field, checker.offset)
    return fields[int(field)]


def _ref(checker: Checker, typeidx: int, nullable: bool = True) -> RefType:
    return RefType(nullable, checker.context.canon[typeidx])


def _must_have_default(checker: Checker, typeidx: int) -> None:
    found = checker.context.without_default[typeidx]
    if found is not None:
        raise type_mismatch(f"{found} has no default value", checker.offset)


def _must_be_mutable(checker: Checker, item: FieldType, what: str) -> None:
    if not item.mutable:
        raise immutable(what, checker.offset)


def _must_be_packed(checker: Checker, item: FieldType, packed: bool) -> None:
    if isinstance(item.storage, PackedType) is not packed:
        raise type_mismatch(f"the field is {'not ' if packed else ''}packed", checker.offset)


# --- structures -----------------------------------------------------------------------------------------------------


def _struct_new(checker: Checker, operands: tuple[Any, ...]) -> None:
    _struct(checker, operands[0])
    checker.take(checker.context.field_values[operands[0]])
    checker.push(_ref(checker, operands[0], nullable=False))


def _struct_new_default(checker: Checker, operands: tuple[Any, ...]) -> None:
    _struct(checker, operands[0])
    _must_have_default(checker, operands[0])
    checker.push(_ref(checker, operands[0], nullable=False))


def _struct_get(checker: Checker, operands: tuple[Any, ...], packed: bool = False) -> None:
    item = _field(checker, operands)
    _must_be_packed(checker, item, packed)
    checker.take([_ref(checker, operands[0])])
    checker.push(item.value)


def _struct_get_packed(checker: Checker, operands: tuple[Any, ...]) -> None:
    _struct_get(checker, operands, packed=True)


def _struct_set(checker: Checker, operands: tuple[Any, ...]) -> None:
    item = _field(checker, operands)
    _must_be_mutable(checker, item, "field")
    checker.take([_ref(checker, operands[0]), item.value])


# --- arrays ---------------------------------------------------------------------------------------------------------


def _array_new(checker: Checker, operands: tuple[Any, ...]) -> None:
    checker.take([_array(checker, operands[0]).value, I32])
    checker.push(_ref(checker, operands[0], nullable=False))


def _array_new_default(checker: Checker, operands: tuple[Any, ...]) -> None:
    _array(checker, operands[0])
    _must_have_default(checker, operands[0])
    checker.take([I32])
    checker.push(_ref(checker, operands[0], nullable=False))


def _array_new_fixed(checker: Checker, operands: tuple[Any, ...]) -> None:
    typeidx, count = operands
    value = _array(checker, typeidx).value
    frame = checker.frames[-1]
    # One more than there are shows that some are missing, however many are asked for.
    there = len(checker.stack) - frame.height
    checker.take([value] * min(count, there + 1))
    checker.push(_ref(checker, typeidx, nullable=False))


def _bytes_or_refuse(checker: Checker, item: FieldType) -> None:
    if isinstance(item.storage, RefType):
        raise invalid("array type is not numeric or vector", checker.offset)


def _elements_match(checker: Checker, elem: int, item: FieldType) -> None:
    found = checker.context.elems[checker.known(Space.ELEM, elem)]
    if not checker.context.matches(found, item.storage):
        raise type_mismatch(f"elements of type {found} in an array of {item.storage}", checker.offset)


def _array_new_data(checker: Checker, operands: tuple[Any, ...]) -> None:
    _bytes_or_refuse(checker, _array(checker, operands[0]))
    checker.known(Space.DATA, operands[1])
    checker.take([I32, I32])
    checker.push(_ref(checker, operands[0], nullable=False))


def _array_new_elem(checker: Checker, operands: tuple[Any, ...]) -> None:
    _elements_match(checker, operands[1], _array(checker, operands[0]))
    checker.take([I32, I32])
    checker.push(_ref(checker, operands[0], nullable=False))


def _array_get(checker: Checker, operands: tuple[Any, ...], packed: bool = False) -> None:
    item = _array(checker, operands[0])
    _must_be_packed(checker, item, packed)
    checker.take([_ref(checker, operands[0]), I32])
    checker.push(item.value)


def _array_get_packed(checker: Checker, operands: tuple[Any, ...]) -> None:
    _array_get(checker, operands, packed=True)


def _array_set(checker: Checker, operands: tuple[Any, ...]) -> None:
    item = _array(checker, operands[0])
    _must_be_mutable(checker, item, "array")
    checker.take([_ref(checker, operands[0]), I32, item.value])


def _array_fill(checker: Checker, operands: tuple[Any, ...]) -> None:
    item = _array(checker, operands[0])
    _must_be_mutable(checker, item, "array")
    checker.take([_ref(checker, operands[0]), I32, item.value, I32])


def _array_copy(checker: Checker, operands: tuple[Any, ...]) -> None:
    target, source = (_array(checker, typeidx) for typeidx in operands)
    _must_be_mutable(checker, target, "array")
    packed = isinstance(source.storage, PackedType) or isinstance(target.storage, PackedType)
    same = source.storage is target.storage
    if not (same if packed else checker.context.matches(source.storage, target.storage)):
        raise invalid("array types do not match", checker.offset)
    checker.take([_ref(checker, operands[0]), I32, _ref(checker, operands[1]), I32, I32])


def _array_init_data(checker: Checker, operands: tuple[Any, ...]) -> None:
    item = _array(checker, operands[0])
    _must_be_mutable(checker, item, "array")
    _bytes_or_refuse(checker, item)
    checker.known(Space.DATA, operands[1])
    checker.take([_ref(checker, operands[0]), I32, I32, I32])


def _array_init_elem(checker: Checker, operands: tuple[Any, ...]) -> None:
    item = _array(checker, operands[0])
    _must_be_mutable(checker, item, "array")
    _elements_match(checker, operands[1], item)
    checker.take([_ref(checker, operands[0]), I32, I32, I32])


# --- casts ----------------------------------------------------------------------------------------------------------


def _take_castable(checker: Checker, target: RefType) -> None:
    """Pop a reference of the same hierarchy as ``target``."""
    found = checker.pop("ref")
    if found is BOTTOM:
        return
    top = checker.context.top(target.heap)
    if isinstance(found, NumType) or not checker.context.heap_matches(found.heap, top):
        raise type_mismatch(f"{found} cannot be cast to {target}", checker.offset)


def _ref_test(checker: Checker, operands: tuple[Any, ...]) -> None:
    _take_castable(checker, checker.context.value_type(operands[0], checker.offset))
    checker.push(I32)


def _ref_cast(checker: Checker, operands: tuple[Any, ...]) -> None:
    target = checker.context.value_type(operands[0], checker.offset)
    _take_castable(checker, target)
    checker.push(target)


def _cast(checker: Checker, operands: tuple[Any, ...]) -> tuple[list[ValType], RefType, RefType, RefType]:
    """The label's types, source and target of a cast, and what is left of the source where it is not the target."""
    label, source, target = operands[0]
    source = checker.context.value_type(source, checker.offset)
    target = checker.context.value_type(target, checker.offset)
    if not checker.context.matches(target, source):
        raise type_mismatch(f"{target} is no subtype of {source}", checker.offset)
    types = checker.label(label)
    if not types:
        raise type_mismatch("the label of a cast carries no reference", checker.offset)
    return types, source, target, RefType(source.nullable and not target.nullable, source.heap)


def _branch_on(checker: Checker, types: list[ValType], source: RefType, taken: RefType, left: RefType) -> None:
    checker.take([source])
    checker.push(taken)
    checker.peek_is(types)
    checker.pop()
    checker.push(left)


def _br_on_cast(checker: Checker, operands: tuple[Any, ...]) -> None:
    types, source, target, rest = _cast(checker, operands)
    _branch_on(checker, types, source, target, rest)


def _br_on_cast_fail(checker: Checker, operands: tuple[Any, ...]) -> None:
    types, source, target, rest = _cast(checker, operands)
    _branch_on(checker, types, source, rest, target)


def _convert(checker: Checker, source: RefType, target: RefType) -> None:
    found = checker.pop("ref")
    if not checker.context.matches(found, source):
        raise type_mismatch(f"{found} is no {source}", checker.offset)
    nullable = found is not BOTTOM and found.nullable
    checker.push(RefType(nullable, target.heap))


def _any_convert_extern(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _convert(checker, RefType(True, EXTERN), RefType(True, ANY))


def _extern_convert_any(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _convert(checker, RefType(True, ANY), RefType(True, EXTERN))


GC_RULES: Final[Mapping[str, Callable[[Checker, tuple[Any, ...]], None]]] = {
    "struct.new": _struct_new,
    "struct.new_default": _struct_new_default,
    "struct.get": _struct_get,
    "struct.get_s": _struct_get_packed,
    "struct.get_u": _struct_get_packed,
    "struct.set": _struct_set,
    "array.new": _array_new,
    "array.new_default": _array_new_default,
    "array.new_fixed": _array_new_fixed,
    "array.new_data": _array_new_data,
    "array.new_elem": _array_new_elem,
    "array.get": _array_get,
    "array.get_s": _array_get_packed,
    "array.get_u": _array_get_packed,
    "array.set": _array_set,
    "array.fill": _array_fill,
    "array.copy": _array_copy,
    "array.init_data": _array_init_data,
    "array.init_elem": _array_init_elem,
    "ref.test": _ref_test,
    "ref.test null": _ref_test,
    "ref.cast": _ref_cast,
    "ref.cast null": _ref_cast,
    "br_on_cast": _br_on_cast,
    "br_on_cast_fail": _br_on_cast_fail,
    "any.convert_extern": _any_convert_extern,
    "extern.convert_any": _extern_convert_any,
}
