"""Rules for structures, arrays and casts (specification 3.4.5 to 3.4.8), by mnemonic. See ``rules``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ...isa.immediates import Space
from ...messages import immutable, invalid, mismatch, unknown_index
from .checker import Checker, Rule
from .context import Kind, Types
from .types import (
    ANY,
    BOTTOM,
    EXTERN,
    I32,
    heap_of,
    is_nullable,
    is_packed,
    is_ref,
    ref,
    show,
    unpacked,
    with_null,
)


class Field(NamedTuple):
    """A structure's field or an array's elements: the code of what is stored, and whether it may be changed."""

    storage: int
    mutable: bool

    @property
    def value(self) -> int:
        """The code of what is on the stack."""
        return unpacked(self.storage)


def _fields(checker: Checker, typeidx: int, kind: Kind, what: str) -> range:
    """The places of a type's fields among the members of all types."""
    context = checker.context
    if context.kinds[checker.known(Space.TYPE, typeidx)] != kind:
        raise mismatch("composite", checker.offset, wanted=what, index=typeidx)
    return range(context.starts[typeidx], context.starts[typeidx + 1])


def _member(checker: Checker, place: int) -> Field:
    return Field(checker.context.members[place], bool(checker.context.writable[place]))


def _struct(checker: Checker, typeidx: int) -> range:
    return _fields(checker, typeidx, Kind.STRUCT, "structure")


def _array(checker: Checker, typeidx: int) -> Field:
    return _member(checker, _fields(checker, typeidx, Kind.ARRAY, "array")[0])


def _field(checker: Checker, operands: tuple[Any, ...]) -> Field:
    typeidx, field = operands
    places = _struct(checker, typeidx)
    if field >= len(places):
        raise unknown_index("field", field, checker.offset)
    return _member(checker, places[field])


def _ref(checker: Checker, typeidx: int, nullable: bool = True) -> int:
    return checker.context.reference(typeidx, nullable)


def _must_have_default(checker: Checker, typeidx: int) -> None:
    found = checker.context.without_default(typeidx)
    if found is not None:
        raise mismatch("default", checker.offset, found=show(found))


def _must_be_mutable(checker: Checker, item: Field, what: str) -> None:
    if not item.mutable:
        raise immutable(what, checker.offset)


def _must_be_packed(checker: Checker, item: Field, packed: bool) -> None:
    if is_packed(item.storage) is not packed:
        raise mismatch("not-packed" if packed else "packed", checker.offset, found=show(item.storage))


# --- structures -----------------------------------------------------------------------------------------------------


def _struct_new(checker: Checker, operands: tuple[Any, ...]) -> None:
    _struct(checker, operands[0])
    checker.take(checker.context.field_values(operands[0]))
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


def _bytes_or_refuse(checker: Checker, item: Field) -> None:
    if is_ref(item.storage):
        raise invalid("array-of-references", checker.offset, found=show(item.storage))


def _elements_match(checker: Checker, elem: int, item: Field) -> None:
    found: int = checker.context.elems[checker.known(Space.ELEM, elem)]
    if not checker.context.matches(found, item.storage):
        raise mismatch("array", checker.offset, show(item.storage), show(found))


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
    packed = is_packed(source.storage) or is_packed(target.storage)
    same = source.storage == target.storage
    if not (same if packed else checker.context.matches(source.storage, target.storage)):
        raise invalid("array-types", checker.offset, show(target.storage), show(source.storage))
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


def _take_castable(checker: Checker, target: int) -> None:
    """Pop a reference of the same hierarchy as ``target``."""
    found = checker.pop("ref")
    if found == BOTTOM:
        return
    context = checker.context
    if not is_ref(found) or not context.heap_matches(heap_of(found), context.top(heap_of(target))):
        raise mismatch("cast", checker.offset, show(target), show(found))


def _ref_test(checker: Checker, operands: tuple[Any, ...]) -> None:
    _take_castable(checker, checker.context.value_type(operands[0], checker.offset))
    checker.push(I32)


def _ref_cast(checker: Checker, operands: tuple[Any, ...]) -> None:
    target = checker.context.value_type(operands[0], checker.offset)
    _take_castable(checker, target)
    checker.push(target)


def _cast(checker: Checker, operands: tuple[Any, ...]) -> tuple[Types, int, int, int]:
    """The label's types, source and target of a cast, and what is left of the source where it is not the target."""
    label, *operand_types = operands[0]
    source, target = (checker.context.value_type(each, checker.offset) for each in operand_types)
    if not checker.context.matches(target, source):
        raise mismatch("cast-target", checker.offset, show(source), show(target))
    types = checker.label(label)
    if not types:
        raise mismatch("label", checker.offset, what="a cast")
    return types, source, target, with_null(source, is_nullable(source) and not is_nullable(target))


def _branch_on(checker: Checker, types: Types, source: int, taken: int, left: int) -> None:
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


def _convert(checker: Checker, source: int, target: int) -> None:
    found = checker.pop("ref")
    wanted = ref(source, nullable=True)
    if not checker.context.matches(found, wanted):
        raise mismatch("conversion", checker.offset, show(wanted), show(found))
    checker.push(ref(target, is_nullable(found)))


def _any_convert_extern(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _convert(checker, EXTERN, ANY)


def _extern_convert_any(checker: Checker, _operands: tuple[Any, ...]) -> None:
    _convert(checker, ANY, EXTERN)


GC_RULES: Final[Mapping[str, Rule]] = {
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
