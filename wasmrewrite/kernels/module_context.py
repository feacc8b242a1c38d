"""What validating code must know of its module (specification 3.1.3), as plain data in index form.

Heap types are indices here, *canonical* ones: the least index of all types equal to the one meant. So two types are
equal if and only if they compare equal. Not here: how a context is made from a module (``validate.context``).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from ..isa.types import (
    ANY,
    ARRAY,
    EQ,
    FUNC,
    NOFUNC,
    NONE,
    STRUCT,
    AbsHeap,
    ArrayType,
    CompositeType,
    FuncType,
    GlobalType,
    HeapType,
    MemoryType,
    NumType,
    RefType,
    StructType,
    TableType,
    TypeDef,
    ValType,
    is_heap_subtype,
    storages,
    top_of,
)
from ..messages import no_function_type, unknown_index

Types: TypeAlias = list[ValType]
Signature: TypeAlias = tuple[Types, Types]
"""Parameters and results; never changed, many places share one."""

BOTTOM: Final = NumType("bot", 0, 0)
"""What unreachable code pops when nothing is known: matches every type."""
BOTTOM_HEAP: Final = AbsHeap("bot", 0, "(ref null bot)", None)
BOTTOM_REF: Final = RefType(False, BOTTOM_HEAP)
"""Some reference nobody knows more about: matches every reference type."""

_ABOVE: Final[dict[type, tuple[AbsHeap, ...]]] = {
    FuncType: (FUNC,),
    StructType: (STRUCT, EQ, ANY),
    ArrayType: (ARRAY, EQ, ANY),
}
_BELOW: Final[dict[type, AbsHeap]] = {FuncType: NOFUNC, StructType: NONE, ArrayType: NONE}


@dataclass(eq=False)
class ModuleContext:
    """The types of everything in a module's index spaces; read-only.

    ``canon``: type index to canonical index; ``supers``: canonical supertypes of each type. ``funcs`` and ``tags`` hold
    type indices, ``elems`` the segments' element types, ``refs`` the functions that ``ref.func`` may name.
    ``data_count`` is None without a data count section. ``index_of`` finds the index of a ``TypeDef`` of the module.
    """

    types: Sequence[CompositeType] = ()
    canon: Sequence[int] = ()
    supers: Sequence[tuple[int, ...]] = ()
    funcs: Sequence[int] = ()
    tables: Sequence[TableType] = ()
    memories: Sequence[MemoryType] = ()
    globals: Sequence[GlobalType] = ()
    tags: Sequence[int] = ()
    elems: Sequence[RefType] = ()
    data_count: int | None = None
    refs: Container[int] = frozenset()
    index_of: Mapping[TypeDef, int] = field(default_factory=dict)

    @cached_property
    def type_signatures(self) -> Sequence[Signature | None]:
        """The signature of each type; None if it is no function type."""
        return [(list(each.params), list(each.results)) if isinstance(each, FuncType) else None for each in self.types]

    @cached_property
    def field_values(self) -> Sequence[Types]:
        """What each type's fields put on the stack; nothing for types that are no structures."""
        return [[item.value for item in each.fields] if isinstance(each, StructType) else [] for each in self.types]

    @cached_property
    def without_default(self) -> Sequence[RefType | None]:
        """For each type, what a field or the elements hold if that has no default value."""
        return [_without_default(each) for each in self.types]

    @cached_property
    def signatures(self) -> Sequence[Signature]:
        """The signature of each function."""
        return [self.signature(typeidx, None) for typeidx in self.funcs]

    def signature(self, typeidx: int, offset: int | None) -> Signature:
        """The function type at ``typeidx``. InvalidError at ``offset`` if it is unknown or another kind of type."""
        if typeidx >= len(self.types):
            raise unknown_index("type", typeidx, offset)
        found = self.type_signatures[typeidx]
        if found is None:
            raise no_function_type(typeidx, offset)
        return found

    def heap_type(self, heap: HeapType, offset: int | None) -> AbsHeap | int:
        """``heap`` with a canonical index. InvalidError at ``offset`` if the index is unknown."""
        if isinstance(heap, AbsHeap):
            return heap
        index = self.index_of[heap] if isinstance(heap, TypeDef) else heap
        if index >= len(self.canon):
            raise unknown_index("type", index, offset)
        return self.canon[index]

    def value_type(self, value: Any, offset: int | None = None) -> Any:
        """A value or storage type with canonical indices. InvalidError at ``offset`` if an index is unknown."""
        if isinstance(value, RefType) and not isinstance(value.heap, AbsHeap):
            return RefType(value.nullable, self.heap_type(value.heap, offset))
        return value

    def block_type(self, operand: Any, offset: int | None = None) -> Signature:
        """What a block type means: nothing, one result, or the type of an index. InvalidError if unknown."""
        if operand is None:
            return _EMPTY
        if isinstance(operand, NumType | RefType):
            return [], [self.value_type(operand, offset)]
        return self.signature(operand, offset)

    def heap_matches(self, sub: HeapType, sup: HeapType) -> bool:
        """Whether a heap type is a subtype of another (specification 3.3.3); indices are canonical."""
        if sub is sup or sub == sup or sub is BOTTOM_HEAP:
            return True
        if isinstance(sub, int):
            if isinstance(sup, int):
                return self._declared_below(sub, sup)
            return sup in _ABOVE[type(self.types[sub])]
        if isinstance(sup, int):
            return sub is _BELOW[type(self.types[sup])]
        return is_heap_subtype(sub, sup)

    def top(self, heap: HeapType) -> AbsHeap:
        """The greatest supertype of a heap type; indices are canonical."""
        if isinstance(heap, int):
            return _ABOVE[type(self.types[heap])][-1]
        return top_of(heap)

    def _declared_below(self, sub: int, sup: int) -> bool:
        waiting = [sub]
        while waiting:
            for parent in self.supers[waiting.pop()]:
                if parent == sup:
                    return True
                waiting.append(parent)
        return False

    def matches(self, sub: Any, sup: Any) -> bool:
        """Whether a value on the stack, perhaps of an unknown type, can be used as a ``sup`` (specification 3.3.4)."""
        if sub is sup or sub is BOTTOM:
            return True
        if not isinstance(sub, RefType) or not isinstance(sup, RefType):
            return False
        return (sup.nullable or not sub.nullable) and self.heap_matches(sub.heap, sup.heap)


def _without_default(composite: CompositeType) -> RefType | None:
    return next((each for each in storages(composite) if isinstance(each, RefType) and not each.nullable), None)


_EMPTY: Final[Signature] = ([], [])
