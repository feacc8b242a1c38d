"""What a host or another module offers and expects, and whether imports and exports of a module fit (4.5.4, before any
instantiation).

Not here: what is expected, as data (``expected``), and reading files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from ..contract.interface import ADDRESSES, Array, Declaration, DeclaredType, Interface, Scalar
from ..isa.immediates import Space
from ..isa.types import (
    F32,
    F64,
    I32,
    I64,
    V128,
    FuncType,
    Keys,
    Limits,
    NumType,
    ValType,
    canonical_keys,
    func_type,
    is_key_subtype,
    is_subtype,
)
from ..model import Func, Global, Item, Memory, Module, Table, Tag
from .expected import Expected
from .words import KINDS, type_text

_CORE: Final = {"u64": I64, "i64": I64, "f32": F32, "f64": F64, "v128": V128}
_MOST_LEAVES: Final = 1000


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why an import or export does not fit: ``why`` in words, and the same as facts that no rewording changes.

    ``offered`` is the kind or the types on the other side, empty where nothing is there.
    """

    why: str
    reason: Literal["missing", "kind", "type"]
    offered: str = ""

    def detail(self, item: Item | None) -> str:
        """What a fingerprint may hold, ``item`` being what does not fit: no words of a message, no path of a file."""
        own = "" if item is None else f"{KINDS[item.space]}:{type_text(item)}"
        return ":".join((self.reason, own, self.offered))


class Offer:
    """What ``expected`` offers to the module ``own``, looked up by name; made once for all its imports."""

    def __init__(self, expected: Expected, own: Module) -> None:
        self.expected = expected
        self.own = own
        self.declared = {(each.module, each.name): each for each in (expected.interface or Interface()).imports}
        self.exports = {each.name: each for each in expected.module.exports} if expected.module is not None else {}

    def misfit(self, module: str, name: str, item: Item) -> Misfit | None:
        """Why what is offered cannot be imported under these names as ``item``; None if it can."""
        if self.expected.namespace not in (None, module):
            return None
        source = self.expected.source
        if self.expected.module is not None:
            return self._exported(name, item)
        if (module, name) not in self.declared:
            return Misfit(f"{source} does not declare it", "missing")
        return _declared(self.declared[module, name], item, self.own, source)

    def _exported(self, name: str, item: Item) -> Misfit | None:
        source, export = self.expected.source, self.exports.get(name)
        if export is None:
            return Misfit(f"{source} does not export it", "missing")
        kind = KINDS[export.item.space]
        if type(export.item) is not type(item):
            return Misfit(f"{source} exports a {kind}", "kind", kind)
        if not _fits(export.item, item, self._keys):
            type_of = type_text(export.item)
            return Misfit(f"{source} exports {kind} {type_of}", "type", type_of)
        return None

    @cached_property
    def _keys(self) -> Keys:
        """The types of both modules, so that equal ones are known."""
        types = [*self.own.types, *(self.expected.module.types if self.expected.module is not None else ())]
        return canonical_keys(dict.fromkeys(typedef.group for typedef in types))


def misfits_of_exports(expected: Expected, own: Module) -> Iterable[tuple[str, Item | None, Misfit]]:
    """Declared exports that are missing or have another type, with the item if there is one."""
    exports = {each.name: each.item for each in own.exports}
    for declared in (expected.interface or Interface()).exports:
        item = exports.get(declared.name)
        if item is None:
            yield declared.name, None, Misfit(f"{expected.source} declares it, and it is not there", "missing")
            continue
        misfit = _declared(declared, item, own, expected.source)
        if misfit is not None:
            yield declared.name, item, misfit


# --- another module -------------------------------------------------------------------------------------------------


def _fits(offered: Item, wanted: Item, keys: Keys) -> bool:
    """Whether external types match (3.3.10 and following)."""
    tests: dict[type[Item], Callable[..., bool]] = {
        Func: lambda has, asks: is_key_subtype(keys[has.type], keys[asks.type]),
        Tag: lambda has, asks: keys[has.type] is keys[asks.type],
        Memory: lambda has, asks: _limits_fit(has.type.limits, asks.type.limits),
        Table: lambda has, asks: (
            _same(has.type.element, asks.type.element, keys) and _limits_fit(has.type.limits, asks.type.limits)
        ),
        Global: lambda has, asks: (
            has.type.mutable is asks.type.mutable
            and is_subtype(has.type.value, asks.type.value, keys)
            and (not has.type.mutable or is_subtype(asks.type.value, has.type.value, keys))
        ),
    }
    return tests[type(wanted)](offered, wanted)


def _same(one: ValType, other: ValType, keys: Keys) -> bool:
    return is_subtype(one, other, keys) and is_subtype(other, one, keys)


def _limits_fit(has: Limits, asks: Limits) -> bool:
    """Whether a memory or table of limits ``has`` can be imported as ``asks``; a running one may only have grown."""
    if has.address is not asks.address or has.shared is not asks.shared or has.minimum < asks.minimum:
        return False
    return asks.maximum is None or (has.maximum is not None and has.maximum <= asks.maximum)


# --- an interface file ----------------------------------------------------------------------------------------------


def _declared(declared: Declaration, item: Item, own: Module, source: str) -> Misfit | None:
    if not isinstance(item, Func):
        return Misfit(f"{source} declares a function, and this is a {KINDS[item.space]}", "kind", KINDS[Space.FUNC])
    wide = bool(own.memories) and own.memories[0].type.limits.address is I64
    pointer = I64 if wide else I32
    has = func_type(item.type)
    forms = core_types(declared, pointer)
    if declared.params is None:
        fits = any(has.results == form.results and _ends_like(has, form, declared) for form in forms)
    else:
        fits = has in forms
    if fits:
        return None
    texts = list(dict.fromkeys(_form_text(each, declared) for each in forms))
    return Misfit(f"{source} declares {' or '.join(texts)}", "type", "|".join(texts))


def _form_text(form: FuncType, declared: Declaration) -> str:
    params = " ".join([*map(str, form.params), *(["..."] if declared.params is None else [])])
    return f"[{params}] -> [{' '.join(map(str, form.results))}]"


def _ends_like(has: FuncType, form: FuncType, declared: Declaration) -> bool:
    """With parameters undeclared: whether a return pointer, if the form has one, is where it should be."""
    at = declared.pointer
    return not form.params or has.params[at : at + 1] == form.params


def core_types(declared: Declaration, pointer: NumType) -> list[FuncType]:
    """The function types a declaration can have: the result by value, or through a pointer where C does that.

    Undeclared parameters are left out; a struct as a parameter may come as a pointer or member by member.
    """
    results = () if declared.result is None else tuple(leaves(declared.result, pointer))
    plain, by_pointer = [_parameters(declared.params or (), pointer, exploded) for exploded in (True, False)]
    lists = [plain] if plain == by_pointer else [plain, by_pointer]
    forms = [FuncType(params, results) for params in lists]
    if declared.by_value:
        at = declared.pointer
        forms += [FuncType((*params[:at], pointer, *params[at:]), ()) for params in lists]
    return forms


def _parameters(params: Sequence[DeclaredType], pointer: NumType, exploded: bool) -> tuple[ValType, ...]:
    found: list[ValType] = []
    for each in params:
        flat = list(leaves(each, pointer))
        found += flat if exploded or isinstance(each, Scalar) or len(flat) <= 1 else [pointer]
    return tuple(found)


def leaves(declared: DeclaredType, pointer: NumType) -> Iterable[ValType]:
    """The core types of the scalars of a declared type, in the order of declaration; 128-bit integers are two i64.

    No more than a thousand: longer ones never are values.
    """
    waiting: list[DeclaredType] = [declared]
    count = steps = 0
    while waiting and count < _MOST_LEAVES and steps < 10 * _MOST_LEAVES:
        each = waiting.pop()
        steps += 1  # what holds nothing can still be nested a thousand times a thousand
        if isinstance(each, Array):
            waiting += [each.element] * min(each.count, _MOST_LEAVES)
        elif not isinstance(each, Scalar):
            waiting += [one.type for one in reversed(each.fields)]
        else:
            found = (I64, I64) if each.name in ("u128", "i128") else (_CORE.get(each.name, I32),)
            found = (pointer,) if each.name in ADDRESSES else found
            count += len(found)
            yield from found
