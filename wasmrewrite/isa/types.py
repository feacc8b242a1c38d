"""Value, reference and composite types (specification 2.3): pure data; ``str`` writes the specification's syntax.

``TypeDef`` and ``RecGroup`` are compared by identity; ``canonical_keys`` tells which are equal (iso-recursively), and
``is_subtype`` which match. Not here: bytes (``immediates`` for those in code, ``codec`` for sections), validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, Union

from ..messages import invalid
from .readonly import ReadOnly


class _Singleton:
    """Types that exist once per name and are compared by identity; copying or unpickling gives the same object."""

    __slots__ = ()

    name: str

    def __reduce__(self) -> str:
        return _CONSTANT_OF[self.name]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class NumType(_Singleton):
    """A number or vector type; ``code`` is its byte, ``size`` its bytes in memory."""

    name: str
    code: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class PackedType(_Singleton):
    """A storage type of fields and elements that is no value type."""

    name: str
    code: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class AbsHeap(_Singleton):
    """An abstract heap type. ``short`` is how ``(ref null name)`` is abbreviated; ``parent`` its supertype, by name."""

    name: str
    code: int
    short: str
    parent: str | None


I32: Final = NumType("i32", 0x7F, 4)
I64: Final = NumType("i64", 0x7E, 8)
F32: Final = NumType("f32", 0x7D, 4)
F64: Final = NumType("f64", 0x7C, 8)
V128: Final = NumType("v128", 0x7B, 16)
I8: Final = PackedType("i8", 0x78, 1)
I16: Final = PackedType("i16", 0x77, 2)

FUNC: Final = AbsHeap("func", 0x70, "funcref", None)
EXTERN: Final = AbsHeap("extern", 0x6F, "externref", None)
ANY: Final = AbsHeap("any", 0x6E, "anyref", None)
EQ: Final = AbsHeap("eq", 0x6D, "eqref", "any")
I31: Final = AbsHeap("i31", 0x6C, "i31ref", "eq")
STRUCT: Final = AbsHeap("struct", 0x6B, "structref", "eq")
ARRAY: Final = AbsHeap("array", 0x6A, "arrayref", "eq")
EXN: Final = AbsHeap("exn", 0x69, "exnref", None)
NONE: Final = AbsHeap("none", 0x71, "nullref", None)
NOEXTERN: Final = AbsHeap("noextern", 0x72, "nullexternref", None)
NOFUNC: Final = AbsHeap("nofunc", 0x73, "nullfuncref", None)
NOEXN: Final = AbsHeap("noexn", 0x74, "nullexnref", None)

HEAPS: Final[dict[str, AbsHeap]] = {
    heap.name: heap for heap in (FUNC, EXTERN, ANY, EQ, I31, STRUCT, ARRAY, EXN, NONE, NOEXTERN, NOFUNC, NOEXN)
}
NUMBERS: Final[dict[str, NumType]] = {number.name: number for number in (I32, I64, F32, F64, V128)}
PACKED: Final[dict[str, PackedType]] = {packed.name: packed for packed in (I8, I16)}
_CONSTANT_OF: Final = {name: name.upper() for name in (*HEAPS, *NUMBERS, *PACKED)}

HeapType: TypeAlias = Union[AbsHeap, "TypeDef", int]
"""Abstract, defined, or (only straight from bytes) the index of a defined type."""


@dataclass(frozen=True, slots=True)
class RefType:
    """A reference type. ``long``: written as 0x63 or 0x64 and a heap type although one byte would do."""

    nullable: bool
    heap: HeapType
    long: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        if self.nullable and isinstance(self.heap, AbsHeap):
            return self.heap.short
        # A type may mention itself, so only its kind is shown here.
        heap = _mention(self.heap) if isinstance(self.heap, TypeDef) else self.heap
        return f"(ref null {heap})" if self.nullable else f"(ref {heap})"


FUNCREF: Final = RefType(True, FUNC)
EXTERNREF: Final = RefType(True, EXTERN)
ANYREF: Final = RefType(True, ANY)
EQREF: Final = RefType(True, EQ)
I31REF: Final = RefType(True, I31)
STRUCTREF: Final = RefType(True, STRUCT)
ARRAYREF: Final = RefType(True, ARRAY)
EXNREF: Final = RefType(True, EXN)
NULLREF: Final = RefType(True, NONE)
NULLEXTERNREF: Final = RefType(True, NOEXTERN)
NULLFUNCREF: Final = RefType(True, NOFUNC)
NULLEXNREF: Final = RefType(True, NOEXN)

SHORT_REFS: Final[dict[str, RefType]] = {heap.short: RefType(True, heap) for heap in HEAPS.values()}

ValType: TypeAlias = NumType | RefType
StorageType: TypeAlias = NumType | RefType | PackedType


@dataclass(frozen=True, slots=True)
class FieldType:
    """What a structure's field or an array's elements hold."""

    storage: StorageType
    mutable: bool = False

    @property
    def value(self) -> ValType:
        """The type on the stack: packed storage is unpacked to i32."""
        return I32 if isinstance(self.storage, PackedType) else self.storage

    def __str__(self) -> str:
        return f"(mut {self.storage})" if self.mutable else str(self.storage)


@dataclass(frozen=True, slots=True)
class FuncType:
    """Parameters to results."""

    params: tuple[ValType, ...] = ()
    results: tuple[ValType, ...] = ()

    def __str__(self) -> str:
        return f"[{' '.join(map(str, self.params))}] -> [{' '.join(map(str, self.results))}]"


@dataclass(frozen=True, slots=True)
class StructType:
    """A structure."""

    fields: tuple[FieldType, ...] = ()

    def __str__(self) -> str:
        return " ".join(("(struct", *(f"(field {item})" for item in self.fields))) + ")"


@dataclass(frozen=True, slots=True)
class ArrayType:
    """An array."""

    field: FieldType

    def __str__(self) -> str:
        return f"(array {self.field})"


CompositeType: TypeAlias = FuncType | StructType | ArrayType


def storages(composite: CompositeType) -> tuple[StorageType, ...]:
    """The types a composite type is made of, in order."""
    if isinstance(composite, FuncType):
        return composite.params + composite.results
    fields = composite.fields if isinstance(composite, StructType) else (composite.field,)
    return tuple(item.storage for item in fields)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a memory (pages) or table (elements); ``address`` is the type of its addresses."""

    minimum: int
    maximum: int | None = None
    address: NumType = I32
    shared: bool = False

    def __str__(self) -> str:
        words = ["i64"] if self.address is I64 else []
        words.append(str(int(self.minimum)))
        if self.maximum is not None:
            words.append(str(int(self.maximum)))
        return " ".join(words + ["shared"] * self.shared)


@dataclass(frozen=True, slots=True)
class TableType:
    """A table."""

    element: RefType
    limits: Limits

    def __str__(self) -> str:
        return f"{self.limits} {self.element}"


@dataclass(frozen=True, slots=True)
class MemoryType:
    """A memory."""

    limits: Limits

    def __str__(self) -> str:
        return str(self.limits)


@dataclass(frozen=True, slots=True)
class GlobalType:
    """A global."""

    value: ValType
    mutable: bool = False

    def __str__(self) -> str:
        return f"(mut {self.value})" if self.mutable else str(self.value)


class RecGroup(ReadOnly):
    """Types that may refer to one another. ``explicit``: written as ``(rec ...)`` even if it holds one type only."""

    __slots__ = ("explicit", "types")
    explicit: bool
    types: Sequence[TypeDef]

    def __init__(self, types: Iterable[TypeDef] = (), explicit: bool = False) -> None:
        self._set(types=tuple(types), explicit=explicit)
        for typedef in self.types:
            typedef._set(group=self)

    def __repr__(self) -> str:
        return f"<RecGroup of {len(self.types)}>"

    def add(self, typedef: TypeDef) -> TypeDef:
        """Append ``typedef`` and make this its group; for a group that is not in a module yet."""
        typedef._set(group=self)
        self._set(types=(*self.types, typedef))
        return typedef


class TypeDef(ReadOnly):
    """One defined type, equal only to itself. ``form``: the form read, None (as short as can be), "sub" or "final".

    A new one stands alone in a group of its own until some ``RecGroup`` adds it.
    """

    __slots__ = ("composite", "final", "form", "group", "name", "supers")
    composite: CompositeType
    final: bool
    supers: tuple[TypeDef, ...]
    name: str | None
    form: str | None
    group: RecGroup

    def __init__(
        self,
        composite: CompositeType,
        final: bool = True,
        supers: tuple[TypeDef, ...] = (),
        name: str | None = None,
        form: str | None = None,
    ) -> None:
        self._set(composite=composite, final=final, supers=supers, name=name, form=form)
        self._set(group=RecGroup((self,)))

    def define(self, composite: CompositeType, supers: tuple[TypeDef, ...] = ()) -> None:
        """Say what it is, now that the types it mentions are there; for a type that is not in a module yet."""
        self._set(composite=composite, supers=supers)

    def __str__(self) -> str:
        return f"${self.name}" if self.name is not None else str(self.composite)

    def __repr__(self) -> str:
        return f"<TypeDef {self}>"


def _mention(typedef: TypeDef) -> str:
    return f"${typedef.name}" if typedef.name is not None else f"(type {type(typedef.composite).__name__})"


def func_type(typedef: TypeDef) -> FuncType:
    """The function type ``typedef`` defines; TypeError if it defines another composite (the caller asks before)."""
    composite = typedef.composite
    if not isinstance(composite, FuncType):
        raise TypeError(f"{typedef!r} is no function type")
    return composite


class TypeKey:
    """A defined type up to equality; compared by identity. ``typedef`` is the first definition seen."""

    __slots__ = ("supers", "typedef")

    def __init__(self, typedef: TypeDef) -> None:
        self.typedef = typedef
        self.supers: tuple[TypeKey, ...] = ()


Store: TypeAlias = dict[object, tuple[TypeKey, ...]]
"""Interned groups: what a group is made of, with inner references by position and outer ones by key."""

Keys: TypeAlias = Mapping[TypeDef, TypeKey]


def _mentioned(typedef: TypeDef) -> Iterable[TypeDef]:
    """Every defined type that ``typedef`` names."""
    yield from typedef.supers
    for storage in storages(typedef.composite):
        if isinstance(storage, RefType) and isinstance(storage.heap, TypeDef):
            yield storage.heap


class _Canon:
    """The structure of one group as nested tuples; references inside the group are positions."""

    def __init__(self, group: RecGroup, keys: Keys) -> None:
        self.keys = keys
        self.position = {typedef: index for index, typedef in enumerate(group.types)}

    def heap(self, heap: HeapType) -> object:
        if isinstance(heap, TypeDef):
            inner = self.position.get(heap)
            return self.keys[heap] if inner is None else inner
        return heap if isinstance(heap, AbsHeap) else ("index", int(heap))

    def storage(self, storage: StorageType) -> object:
        return (storage.nullable, self.heap(storage.heap)) if isinstance(storage, RefType) else storage

    def field(self, item: FieldType) -> object:
        return item.mutable, self.storage(item.storage)

    def composite(self, composite: CompositeType) -> object:
        if isinstance(composite, FuncType):
            return "func", tuple(map(self.storage, composite.params)), tuple(map(self.storage, composite.results))
        if isinstance(composite, StructType):
            return "struct", tuple(map(self.field, composite.fields))
        return "array", self.field(composite.field)

    def typedef(self, typedef: TypeDef) -> object:
        return typedef.final, tuple(map(self.heap, typedef.supers)), self.composite(typedef.composite)


def canonical_keys(groups: Iterable[RecGroup], store: Store | None = None) -> dict[TypeDef, TypeKey]:
    """A key per type of ``groups`` (and of groups they mention): the same key if and only if the types are equal.

    Keys are interned in ``store`` (a fresh one if None). InvalidError "unknown type" when groups mention one another.
    """
    store = {} if store is None else store
    keys: dict[TypeDef, TypeKey] = {}
    done: set[RecGroup] = set()
    for root in groups:
        way = {} if root in done else {root: None}  # in order: from root to the group at hand
        while way:
            group = next(reversed(way))
            missing = _first_missing(group, done)
            if missing in way:
                raise invalid("recursive-groups", None)
            if missing is None:
                _intern(group, keys, store)
                done.add(group)
                del way[group]
            else:
                way[missing] = None
    return keys


def _first_missing(group: RecGroup, done: set[RecGroup]) -> RecGroup | None:
    others = (other.group for typedef in group.types for other in _mentioned(typedef))
    return next((other for other in others if other is not group and other not in done), None)


def _intern(group: RecGroup, keys: dict[TypeDef, TypeKey], store: Store) -> None:
    canon = _Canon(group, keys)
    structure = tuple(map(canon.typedef, group.types))
    interned = store.get(structure)
    if interned is None:
        interned = tuple(map(TypeKey, group.types))
        for key, typedef in zip(interned, group.types, strict=True):
            key.supers = tuple(
                interned[canon.position[parent]] if parent in canon.position else keys[parent]
                for parent in typedef.supers
            )
        store[structure] = interned
    keys.update(zip(group.types, interned, strict=True))


_BOTTOM: Final = {FUNC: NOFUNC, EXTERN: NOEXTERN, EXN: NOEXN, ANY: NONE}
_TOP_OF_BOTTOM: Final = {bottom: top for top, bottom in _BOTTOM.items()}
_KIND: Final[dict[type, AbsHeap]] = {FuncType: FUNC, StructType: STRUCT, ArrayType: ARRAY}


def _chain(heap: AbsHeap) -> Iterable[AbsHeap]:
    name: str | None = heap.name
    while name is not None:
        yield HEAPS[name]
        name = HEAPS[name].parent


def top_of(heap: HeapType) -> AbsHeap:
    """The greatest supertype of ``heap``: any, func, extern or exn."""
    if isinstance(heap, int):
        raise TypeError("an index has no hierarchy: resolve it first")
    start = _KIND[type(heap.composite)] if isinstance(heap, TypeDef) else heap
    *_, top = _chain(_TOP_OF_BOTTOM.get(start, start))
    return top


def is_heap_subtype(sub: HeapType, sup: HeapType, keys: Keys | None = None) -> bool:
    """Whether ``sub`` matches ``sup`` (specification 3.3.3). Without ``keys`` defined types are equal by identity."""
    if sub is sup:
        return True
    if isinstance(sub, int) or isinstance(sup, int):
        raise TypeError("an index has no hierarchy: resolve it first")
    if isinstance(sub, AbsHeap):
        if sub in _TOP_OF_BOTTOM:
            return top_of(sup) is _TOP_OF_BOTTOM[sub]
        return isinstance(sup, AbsHeap) and any(sup is heap for heap in _chain(sub))
    if isinstance(sup, AbsHeap):
        return any(sup is heap for heap in _chain(_KIND[type(sub.composite)]))
    return _is_declared_subtype(sub, sup, keys or {})


def _is_declared_subtype(sub: TypeDef, sup: TypeDef, keys: Keys) -> bool:
    wanted = keys.get(sup)
    seen: set[TypeDef] = set()
    waiting = [sub]
    while waiting:
        typedef = waiting.pop()
        if typedef is sup or (wanted is not None and keys.get(typedef) is wanted):
            return True
        if typedef not in seen:
            seen.add(typedef)
            waiting += typedef.supers
    return False


def is_key_subtype(sub: TypeKey, sup: TypeKey) -> bool:
    """Whether the type of ``sub`` is that of ``sup`` or declared below it; for use at run time, across modules."""
    waiting = [sub]
    while waiting:
        key = waiting.pop()
        if key is sup:
            return True
        waiting += key.supers
    return False


def is_subtype(sub: HeapType | ValType, sup: HeapType | ValType, keys: Keys | None = None) -> bool:
    """Whether a heap or value type matches another (specification 3.3.1 to 3.3.4)."""
    if sub is sup:
        return True
    if isinstance(sub, RefType):
        if not isinstance(sup, RefType) or (sub.nullable and not sup.nullable):
            return False
        return is_heap_subtype(sub.heap, sup.heap, keys)
    if isinstance(sub, NumType) or isinstance(sup, NumType | RefType):
        return False
    return is_heap_subtype(sub, sup, keys)


def is_field_subtype(sub: FieldType, sup: FieldType, keys: Keys | None = None) -> bool:
    """Whether a field matches another: the same type if mutable, covariant if not (specification 3.3.8)."""
    if sub.mutable is not sup.mutable:
        return False
    if isinstance(sub.storage, PackedType) or isinstance(sup.storage, PackedType):
        return sub.storage is sup.storage
    if not is_subtype(sub.storage, sup.storage, keys):
        return False
    return not sub.mutable or is_subtype(sup.storage, sub.storage, keys)


def is_composite_subtype(sub: CompositeType, sup: CompositeType, keys: Keys | None = None) -> bool:
    """Whether a composite type's structure matches another's, as a declared supertype demands (specification 3.3.6)."""
    if isinstance(sub, FuncType) and isinstance(sup, FuncType):
        return _all_subtypes(sup.params, sub.params, keys) and _all_subtypes(sub.results, sup.results, keys)
    if isinstance(sub, StructType) and isinstance(sup, StructType):
        if len(sub.fields) < len(sup.fields):
            return False
        return all(is_field_subtype(one, other, keys) for one, other in zip(sub.fields, sup.fields, strict=False))
    if isinstance(sub, ArrayType) and isinstance(sup, ArrayType):
        return is_field_subtype(sub.field, sup.field, keys)
    return False


def _all_subtypes(subs: tuple[ValType, ...], sups: tuple[ValType, ...], keys: Keys | None) -> bool:
    return len(subs) == len(sups) and all(is_subtype(a, b, keys) for a, b in zip(subs, sups, strict=True))
