"""What validating code must know of its module (specification 3.1.3), as arrays of small integers.

Types are the codes of ``types``, spaces are arrays over their indices: a compiled validator reads them as they are. Not
here: how a context is made from a module (``validate.context``).
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, Final, TypeAlias

from ...isa.types import (
    ANY,
    ARRAY,
    EQ,
    FUNC,
    HEAPS,
    NOFUNC,
    NONE,
    STRUCT,
    AbsHeap,
    NumType,
    RefType,
    TypeDef,
    is_heap_subtype,
    top_of,
)
from ...messages import no_function_type, unknown_index
from .types import (
    BOTTOM,
    BOTTOM_HEAP,
    DEFINED,
    REF,
    code_of,
    defined,
    has_default,
    heap_number,
    heap_of,
    is_nullable,
    unpacked,
)

Types: TypeAlias = list[int]
Signature: TypeAlias = tuple[Types, Types]
"""Parameters and results; never changed, many places share one."""


class Kind(IntEnum):
    """What a defined type is."""

    FUNC = 0
    STRUCT = 1
    ARRAY = 2


_ABOVE: Final = tuple(tuple(map(heap_number, heaps)) for heaps in ((FUNC,), (STRUCT, EQ, ANY), (ARRAY, EQ, ANY)))
"""The abstract heap types above a defined one, by ``Kind``; the topmost comes last."""
_BELOW: Final = tuple(map(heap_number, (NOFUNC, NONE, NONE)))
_TOP: Final = tuple(heap_number(top_of(heap)) for heap in HEAPS.values())
_ABSTRACT: Final = tuple(bytes(is_heap_subtype(sub, sup) for sup in HEAPS.values()) for sub in HEAPS.values())
"""Whether one abstract heap type matches another, by their numbers."""
NO_TYPE: Final = (1 << 32) - 1


def indices(values: Sequence[int] = ()) -> array[int]:
    """An array of indices or codes."""
    return array("I", values)


@dataclass(eq=False)
class ModuleContext:
    """The types of everything in a module's index spaces; read-only.

    ``kinds`` of types, a byte each. ``members``: the types that each is made of, parameters before results, as codes;
    those of type ``i`` lie from ``starts[i]`` to ``starts[i + 1]``, and ``params[i]`` are parameters; ``writable``: for
    each member, whether it is a field that may be changed. ``canon``: type index to canonical index; ``supers``: the
    canonical index of the declared supertype, or ``NO_TYPE``. ``funcs`` and ``tags`` hold type indices, ``tables`` and
    ``globals`` codes, ``mutable`` a byte for each global; ``memories`` and ``table_addresses`` hold the codes of
    address types, ``elems`` those of the segments' elements. ``refs``: the functions that ``ref.func`` may name.
    ``data_count`` is None without a data count section. ``index_of`` finds the index of a ``TypeDef`` of the module;
    ``effects`` keeps what was found out about instructions.
    """

    kinds: bytes = b""
    starts: array[int] = field(default_factory=lambda: indices([0]))
    params: array[int] = field(default_factory=indices)
    members: array[int] = field(default_factory=indices)
    writable: bytes = b""
    canon: array[int] = field(default_factory=indices)
    supers: array[int] = field(default_factory=indices)
    funcs: array[int] = field(default_factory=indices)
    tables: array[int] = field(default_factory=indices)
    table_addresses: bytes = b""
    memories: bytes = b""
    globals: array[int] = field(default_factory=indices)
    mutable: bytes = b""
    tags: array[int] = field(default_factory=indices)
    elems: Sequence[int] = ()
    data_count: int | None = None
    refs: Container[int] = frozenset()
    index_of: Mapping[TypeDef, int] = field(default_factory=dict)
    effects: Any = None

    @cached_property
    def type_signatures(self) -> Sequence[Signature | None]:
        """The signature of each type; None if it is no function type."""
        return [self._signature(index) if kind == Kind.FUNC else None for index, kind in enumerate(self.kinds)]

    def _signature(self, typeidx: int) -> Signature:
        members, params = self.members_of(typeidx), self.params[typeidx]
        return members[:params], members[params:]

    @cached_property
    def signatures(self) -> Sequence[Signature]:
        """The signature of each function."""
        return [self.signature(typeidx, None) for typeidx in self.funcs]

    def members_of(self, typeidx: int) -> Types:
        """The types that a type is made of: parameters and results, or what fields and elements hold."""
        return self.members[self.starts[typeidx] : self.starts[typeidx + 1]].tolist()

    def field_values(self, typeidx: int) -> Types:
        """What a type's fields or elements are on the stack."""
        return list(map(unpacked, self.members_of(typeidx)))

    def without_default(self, typeidx: int) -> int | None:
        """What a field or the elements hold if that has no default value."""
        return next((each for each in self.members_of(typeidx) if not has_default(each)), None)

    def signature(self, typeidx: int, offset: int | None) -> Signature:
        """The function type at ``typeidx``. InvalidError at ``offset`` if it is unknown or another kind of type."""
        if typeidx >= len(self.kinds):
            raise unknown_index("type", typeidx, offset)
        found = self.type_signatures[typeidx]
        if found is None:
            raise no_function_type(typeidx, offset)
        return found

    def heap_type(self, heap: AbsHeap | TypeDef | int, offset: int | None = None) -> int:
        """The number of a heap type. InvalidError at ``offset`` if its index is unknown."""
        if isinstance(heap, AbsHeap):
            return heap_number(heap)
        index = self.index_of[heap] if isinstance(heap, TypeDef) else heap
        if index >= len(self.canon):
            raise unknown_index("type", index, offset)
        return DEFINED + self.canon[index]

    def value_type(self, value: Any, offset: int | None = None) -> int:
        """The code of a value or storage type. InvalidError at ``offset`` if an index is unknown."""
        if isinstance(value, RefType) and not isinstance(value.heap, AbsHeap):
            return defined(self.heap_type(value.heap, offset) - DEFINED, value.nullable)
        return code_of(value)

    def reference(self, typeidx: int, nullable: bool) -> int:
        """The code of a reference to a type of the module."""
        return defined(self.canon[typeidx], nullable)

    def block_type(self, operand: Any, offset: int | None = None) -> Signature:
        """What a block type means: nothing, one result, or the type of an index. InvalidError if unknown."""
        if operand is None:
            return _EMPTY
        if isinstance(operand, NumType | RefType):
            return [], [self.value_type(operand, offset)]
        return self.signature(operand, offset)

    def heap_matches(self, sub: int, sup: int) -> bool:
        """Whether a heap type is a subtype of another (specification 3.3.3), by their numbers."""
        if sub in (sup, BOTTOM_HEAP):
            return True
        if sub >= DEFINED:
            if sup >= DEFINED:
                return self._declared_below(sub - DEFINED, sup - DEFINED)
            return sup in _ABOVE[self.kinds[sub - DEFINED]]
        if sup >= DEFINED:
            return sub == _BELOW[self.kinds[sup - DEFINED]]
        return sup < BOTTOM_HEAP and bool(_ABSTRACT[sub][sup])

    def top(self, heap: int) -> int:
        """The greatest supertype of a heap type, by their numbers."""
        return _ABOVE[self.kinds[heap - DEFINED]][-1] if heap >= DEFINED else _TOP[heap]

    def _declared_below(self, sub: int, sup: int) -> bool:
        while sub != NO_TYPE:
            sub = self.supers[sub]
            if sub == sup:
                return True
        return False

    def matches(self, sub: int, sup: int) -> bool:
        """Whether a value on the stack, perhaps of an unknown type, can be used as a ``sup`` (specification 3.3.4)."""
        if sub in (sup, BOTTOM):
            return True
        if sub < REF or sup < REF:
            return False
        return (is_nullable(sup) or not is_nullable(sub)) and self.heap_matches(heap_of(sub), heap_of(sup))


_EMPTY: Final[Signature] = ([], [])
