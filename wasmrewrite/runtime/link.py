"""Imports: whether what is provided is what a module asks for (specification 4.5.3, Import matching).

Not here: making instances, and the order of instantiation (the engines).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

from ..isa.types import FuncType, Limits, RefType, TypeDef, ValType, func_type, is_key_subtype, is_subtype
from ..messages import incompatible_import_type, unknown_import
from ..model import Func, Global, Import, Item, Memory, Table, Tag
from .host import WithCaller
from .instances import Extern, FuncInst, GlobalInst, HostFunc, TagInst
from .memory import MemoryInst
from .store import Store
from .table import TableInst
from .values import from_python, to_python

Imports: TypeAlias = Mapping[str, Mapping[str, object]]
"""Module name, then name, to an ``Extern`` or, for a function, any callable of Python (``with_caller`` among them)."""


def resolve(item: Item, imports: Imports, store: Store) -> Extern:
    """What ``imports`` provides for an imported item. Raises ``LinkError`` (unknown, or of an incompatible type)."""
    name = getattr(item, "origin", None)
    if not isinstance(name, Import):
        raise TypeError(f"{item!r} is not imported")
    provided: Any = imports.get(name.module, {}).get(name.name)
    if provided is None:
        raise unknown_import(name.module, name.name)
    if isinstance(item, Func):
        provided = _function(item.type, provided, name, store)
    matches = _MATCHES.get(type(item))
    if matches is None or not isinstance(provided, _KINDS[type(item)]):
        raise incompatible_import_type(name.module, name.name, f"not a {item.space.value}")
    detail = matches(item, provided, store)
    if detail:
        raise incompatible_import_type(name.module, name.name, detail)
    return cast(Extern, provided)


def _function(typedef: TypeDef, provided: Any, name: Import, store: Store) -> Any:
    """A host function as this store knows it; a plain callable becomes one of the type asked for."""
    if callable(provided) and not isinstance(provided, (FuncInst, HostFunc)):
        provided = friendly(func_type(typedef), provided, str(name))
        provided.key = store.key(typedef)
    elif isinstance(provided, HostFunc):
        key = store.func_key(provided.type)
        if getattr(provided, "key", key) is not key:  # known to another store already
            provided = HostFunc(provided.type, provided.call, provided.caller, provided.name)
        provided.key = key
    return provided


def friendly(type: FuncType, call: Callable[..., Any], name: str) -> HostFunc:
    """A host function around a callable that takes and returns Python's ints and floats."""
    wants_caller = isinstance(call, WithCaller)

    def convert(*args: Any) -> list[Any]:
        front, values = args[:wants_caller], args[wants_caller:]
        given = call(*front, *(to_python(param, arg) for param, arg in zip(type.params, values, strict=True)))
        results = given if isinstance(given, (list, tuple)) else [] if given is None else [given]
        if len(type.results) == 1 and given is None:
            results = [None]
        return [from_python(result, value) for result, value in zip(type.results, results, strict=True)]

    return HostFunc(type, convert, wants_caller, name)


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
_MATCHES: Final[dict[type[Item], Callable[[Any, Any, Store], str]]] = {
    Func: _func_fault,
    Table: _table_fault,
    Memory: _memory_fault,
    Global: _global_fault,
    Tag: _tag_fault,
}
