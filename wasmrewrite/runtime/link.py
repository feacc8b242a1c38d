"""Imports: whether what is provided is what a module asks for (specification 4.5.3, Import matching).

Not here: making instances, and the order of instantiation (the engines).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from ..contract import Declaration
from ..isa.types import (
    I32,
    I64,
    FuncType,
    Limits,
    NumType,
    RefType,
    TypeDef,
    ValType,
    func_type,
    is_key_subtype,
    is_subtype,
)
from ..messages import incompatible_import_type, other_store, unknown_import
from ..model import Func, Global, Import, Item, Memory, Table, Tag
from .host import Declared, WithCaller
from .instances import Extern, FuncInst, GlobalInst, HostFunc, TagInst
from .memory import MemoryInst
from .readings import param_readings, read_in, readers, result_readings
from .store import Store
from .table import TableInst
from .values import BITS, Referable, from_python

Imports: TypeAlias = Mapping[str, Mapping[str, object]]
"""Module name, then name, to an ``Extern`` or, for a function, any callable of Python (``with_caller`` among them)."""


def resolve(item: Item, imports: Imports, store: Store, declared: Declaration | None = None) -> Extern:
    """What ``imports`` provides for an imported item. Raises ``LinkError``.

    It is unknown, of an incompatible type, or belongs to another store. ``declared`` says how a plain callable wants
    to see integers.
    """
    name = item.origin
    if not isinstance(name, Import):
        raise TypeError(f"{item!r} is not imported")
    provided = _provided(imports, name)
    if provided is None:
        raise unknown_import(name.module, name.name)
    if isinstance(item, Func):
        provided = _function(item.type, provided, name, store, declared)
    matches = _MATCHES.get(type(item))
    if matches is None or not isinstance(provided, _KINDS[type(item)]):
        raise incompatible_import_type(name.module, name.name, f"not a {item.space.value}")
    if not _belongs(provided, store):
        raise other_store(name.module, name.name, item.space.value)
    detail = matches(item, provided, store)
    if detail:
        raise incompatible_import_type(name.module, name.name, detail)
    return cast(Extern, provided)


def _provided(imports: Imports, name: Import) -> Any:
    namespace = imports.get(name.module, {})
    if not isinstance(namespace, Mapping):
        raise TypeError(
            f"expected a mapping of names for import module {name.module!r}, found {type(namespace).__name__}"
        )
    return namespace.get(name.name)


def store_of(items: Iterable[Item], imports: Imports) -> Store | None:
    """The store that the first provided import with one belongs to; None if they fit any store."""
    for item in items:
        name = item.origin
        provided = _provided(imports, name) if isinstance(name, Import) else None
        if isinstance(provided, _OWNED) and provided.store is not None:
            return provided.store
    return None


def _belongs(provided: Any, store: Store) -> bool:
    """Whether ``store`` owns what was provided. A global of the host belongs to the store that it is first used in."""
    if isinstance(provided, GlobalInst) and provided.store is None:
        if not provided.type.mutable and not isinstance(provided.raw, Referable):
            return True  # a constant that is not a function is the same in every store
        if isinstance(provided.raw, HostFunc) and isinstance(provided.type.value, RefType):
            provided.raw = provided.raw.referred(provided.type.value, store)
        provided.store = store
    return isinstance(provided, HostFunc) or provided.store is store


def _function(typedef: TypeDef, provided: Any, name: Import, store: Store, declared: Declaration | None) -> Any:
    """A host function as this store knows it; a plain callable becomes one of the type asked for."""
    if callable(provided) and not isinstance(provided, (FuncInst, HostFunc)):
        made = friendly(func_type(typedef), provided, str(name), declared)
        return made.known_to(store, store.key(typedef))
    return provided.known_to(store) if isinstance(provided, HostFunc) else provided


def friendly(
    type: FuncType, call: Callable[..., Any], name: str, declared: Declaration | None = None, store: Store | None = None
) -> HostFunc:
    """A host function around a callable that takes and returns Python's ints and floats."""
    given: object = call
    if isinstance(given, Declared):
        call, declared = given.call, declared or given.declaration
    wants_caller = isinstance(call, WithCaller)

    def convert(*args: Any) -> list[Any]:
        values = (read(value) for read, value in zip(reads, args, strict=True))
        given = call(*values)
        if plain and given.__class__ is int and 0 <= given < plain:
            return [given]
        return _answers(made, given)

    made = HostFunc(type, convert, wants_caller, name)
    made.converts = True
    if declared is not None:
        made.takes, made.gives = param_readings(declared, type), result_readings(declared, type)
    # The caller is handed through, in front; and the most usual answer of all needs no second look.
    reads = (*([_as_it_is] if wants_caller else ()), *readers(type.params, made.takes))
    plain = BITS[type.results[0]] if type.results in (_I32, _I64) and made.gives is None else 0
    if store is not None:
        made.known_to(store)
    return made


_I32: Final = (I32,)
_I64: Final = (I64,)


def _as_it_is(caller: Any) -> Any:
    return caller


def declare(item: Extern | None, declared: Declaration) -> None:
    """Let a function that a module defines be called as declared. Raises ``ConfigError`` if its type is another."""
    if isinstance(item, FuncInst):
        item.takes, item.gives = param_readings(declared, item.type), result_readings(declared, item.type)


def _answers(func: HostFunc, given: Any) -> list[Any]:
    """What a callable returned, as bits. Raises ``TypeError`` or ``ValueError`` that say which result is wrong."""
    types = func.type.results
    if len(types) == 1 and not (isinstance(types[0], NumType) and isinstance(given, (list, tuple))):
        results: Sequence[Any] = (given,)
    else:
        results = given if isinstance(given, (list, tuple)) else () if given is None else (given,)
    if len(results) != len(types):
        raise TypeError(f"{func} returned {len(results)} value(s), its type {func.type} has {len(types)}")
    found = []
    for at, (type, value, declared) in enumerate(zip(types, results, func.gives or (None,) * len(types), strict=True)):
        try:
            found.append(from_python(type, read_in(type, value, declared), func.store))
        except (TypeError, ValueError) as error:
            place = f"result {at + 1} of {func}"
            raise error.__class__(f"{place}: {error}") from None
    return found


def _func_fault(item: Func, provided: FuncInst | HostFunc, store: Store) -> str:
    if is_key_subtype(provided.key, store.key(item.type)):
        return ""
    return f"function of type {provided.type} instead of {func_type(item.type)}"


def _table_fault(item: Table, provided: TableInst, store: Store) -> str:
    if not _same(item.type.element, provided.element, store):
        return f"table of {provided.element} instead of {item.type.element}"
    return _limits_fault(provided.type.limits, item.type.limits)


def _memory_fault(item: Memory, provided: MemoryInst, _store: Store) -> str:
    return _limits_fault(provided.type.limits, item.type.limits)


def _global_fault(item: Global, provided: GlobalInst, store: Store) -> str:
    wanted, given = item.type, provided.type
    if wanted.mutable is not given.mutable:
        return f"{'mutable' if given.mutable else 'immutable'} global"
    if wanted.mutable:
        matching = _same(given.value, wanted.value, store)
    else:
        matching = is_subtype(given.value, wanted.value, store.keys)
    return "" if matching else f"global of type {given} instead of {wanted}"


def _tag_fault(item: Tag, provided: TagInst, store: Store) -> str:
    return "" if provided.key is store.key(item.type) else f"tag of type {provided.type}"


def _same(a: ValType | RefType, b: ValType | RefType, store: Store) -> bool:
    return is_subtype(a, b, store.keys) and is_subtype(b, a, store.keys)


def _limits_fault(given: Limits, wanted: Limits) -> str:
    if given.address is not wanted.address:
        return f"addresses of type {given.address} instead of {wanted.address}"
    if given.shared is not wanted.shared:
        return "shared" if given.shared else "not shared"
    too_large = wanted.maximum is not None and (given.maximum is None or given.maximum > wanted.maximum)
    if given.minimum < wanted.minimum or too_large:
        return f"limits {given} instead of {wanted}"
    return ""


_KINDS: Final[dict[type[Item], tuple[type, ...]]] = {
    Func: (FuncInst, HostFunc),
    Table: (TableInst,),
    Memory: (MemoryInst,),
    Global: (GlobalInst,),
    Tag: (TagInst,),
}
_OWNED: Final = (FuncInst, TableInst, MemoryInst, GlobalInst, TagInst)
"""What belongs to one store; a host function fits every store."""
_MATCHES: Final[dict[type[Item], Callable[[Any, Any, Store], str]]] = {
    Func: _func_fault,
    Table: _table_fault,
    Memory: _memory_fault,
    Global: _global_fault,
    Tag: _tag_fault,
}
