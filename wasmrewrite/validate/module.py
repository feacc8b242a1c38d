"""``validate``: the rules for modules (specification 3.5), each section's in one function.

Not here: code (``code``), constant expressions (``const_expr``), bytes that are no module (the codec refuses those).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ..arguments import expect
from ..errors import WasmError
from ..isa.types import (
    I32,
    I64,
    FuncType,
    Keys,
    Limits,
    MemoryType,
    NumType,
    RefType,
    TableType,
    TypeDef,
    TypeKey,
    canonical_keys,
    func_type,
    is_composite_subtype,
    storages,
)
from ..messages import (
    duplicate_export,
    invalid,
    memory_size,
    minimum_over_maximum,
    mismatch,
    no_function_type,
    start_function,
    sub_type,
    table_size,
    too_much,
    unknown_index,
    unsupported,
)
from ..model.instr import Expr
from ..model.items import Body, Elem, Import
from ..model.layout import SECTIONS
from ..model.module import Module
from .body.context import ModuleContext
from .body.types import code_of, is_nullable, show
from .code import check_func
from .const_expr import validate_const
from .context import context as make_context
from .context import groups_of

_PAGES: Final[dict[NumType, tuple[int, str]]] = {I32: (1 << 16, "65536 pages (4GiB)"), I64: (1 << 48, "2^48 pages")}
_ELEMENTS: Final[dict[NumType, int]] = {I32: (1 << 32) - 1, I64: (1 << 64) - 1}
_START: Final = 8
MAX_DEPTH: Final = 63
"""Declared supertypes above one another; the limit that engines agreed on."""
MAX_ARITY: Final = 1000
"""Parameters or results of one function type; the limit that engines agreed on."""


def validate(module: Module) -> None:
    """Check that a module is valid (specification 3.5.14).

    One that was edited is written first, and offsets are those of the result. Raises InvalidError or MalformedError
    with path and absolute offset, of the entry where it is not about code or an expression; LimitError beyond what this
    implementation takes.
    """
    expect(module, Module, "a Module", "Module.from_bytes reads one")
    if not module.as_read:
        module = type(module).from_bytes(module.to_bytes())
    context = make_context(module, _types(module))
    checks: tuple[Callable[[Module, ModuleContext], None], ...] = (
        _imports, _funcs, _tables, _memories, _tags, _globals, _exports, _start, _elems, _datas, _code,
    )  # fmt: skip
    for check in checks:
        check(module, context)


def _at(module: Module, section: int, word: str, items: Sequence[Any], check: Callable[[int, Any], None]) -> None:
    """Run ``check(index, item)`` on all items of a section; errors get the path to the item, and where it starts."""
    for index, item in enumerate(items):
        try:
            check(index, item)
        except WasmError as error:
            error.within(f"{SECTIONS[section]} section", f"{word}[{index}]")
            raise _placed(module, error, section, index) from None


def _placed(module: Module, error: WasmError, section: int, index: int) -> WasmError:
    if error.position.offset is None:
        error.position = replace(error.position, offset=module.source.entry_offset(section, index))
    return error


# --- types ----------------------------------------------------------------------------------------------------------


def _types(module: Module) -> Keys:
    """Check the types; their keys, which take a while for thousands of them."""
    typedefs = module.types
    groups = groups_of(typedefs)
    index_of = {typedef: index for index, typedef in enumerate(typedefs)}
    ends = {group: index_of[group.types[-1]] + 1 for group in groups if group.types}
    _at(module, 1, "type", typedefs, lambda _, each: _mentions_known(each, ends[each.group], index_of))
    keys = canonical_keys(groups)
    depths: dict[TypeDef, int] = {}

    def check(index: int, typedef: TypeDef) -> None:
        _check_arity(typedef)
        _check_supers(index, typedef, index_of, keys)
        depths[typedef] = 1 + max((depths[each] for each in typedef.supers), default=-1)
        if depths[typedef] > MAX_DEPTH:
            raise too_much("supertypes above one another", MAX_DEPTH, None)

    _at(module, 1, "type", typedefs, check)
    return keys


def _mentions_known(typedef: TypeDef, end: int, index_of: dict[TypeDef, int]) -> None:
    """Types may mention those of their own group and of earlier ones."""
    heaps = [each.heap for each in storages(typedef.composite) if isinstance(each, RefType)]
    for heap in (*heaps, *typedef.supers):
        if isinstance(heap, TypeDef) and index_of[heap] >= end:
            raise unknown_index("type", index_of[heap], None)


def _check_arity(typedef: TypeDef) -> None:
    composite = typedef.composite
    if isinstance(composite, FuncType) and max(len(composite.params), len(composite.results)) > MAX_ARITY:
        raise too_much("parameters or results", MAX_ARITY, None)


def _check_supers(index: int, typedef: TypeDef, index_of: dict[TypeDef, int], keys: Mapping[TypeDef, TypeKey]) -> None:
    if len(typedef.supers) > 1:
        raise sub_type("several supertypes", None)
    for parent in typedef.supers:
        if index_of[parent] >= index:
            raise unknown_index("type", index_of[parent], None)
        if parent.final:
            raise sub_type(f"type {index_of[parent]} is final", None)
        if not is_composite_subtype(typedef.composite, parent.composite, keys):
            raise sub_type(f"does not match type {index_of[parent]}", None)


def _limits(limits: Limits, at_most: int, refusal: Callable[[int | None], WasmError]) -> None:
    if limits.minimum > at_most or (limits.maximum is not None and limits.maximum > at_most):
        raise refusal(None)
    if limits.maximum is not None and limits.minimum > limits.maximum:
        raise minimum_over_maximum(None)


def _check_memory_type(memory: MemoryType) -> None:
    pages, words = _PAGES[memory.limits.address]
    _limits(memory.limits, pages, lambda offset: memory_size(words, offset))
    if memory.limits.shared and memory.limits.maximum is None:
        raise invalid("shared-memory", None)


def _check_table_type(table: TableType) -> None:
    if table.limits.shared:
        raise unsupported("shared table", None)
    _limits(table.limits, _ELEMENTS[table.limits.address], table_size)


def _check_func_type(typedef: TypeDef, index: int) -> FuncType:
    if not isinstance(typedef.composite, FuncType):
        raise no_function_type(index)
    return func_type(typedef)


def _check_tag_type(typedef: TypeDef, index: int) -> None:
    if _check_func_type(typedef, index).results:
        raise invalid("tag-results", None)


# --- sections -------------------------------------------------------------------------------------------------------


def _imports(module: Module, context: ModuleContext) -> None:
    def check(_index: int, item: Any) -> None:
        match item.space.name:
            case "FUNC":
                _check_func_type(item.type, context.index_of[item.type])
            case "TABLE":
                _check_table_type(item.type)
            case "MEMORY":
                _check_memory_type(item.type)
            case "TAG":
                _check_tag_type(item.type, context.index_of[item.type])

    _at(module, 2, "import", module.imports, check)


def _defined(items: Iterable[Any]) -> list[Any]:
    return [item for item in items if not isinstance(item.origin, Import)]


def _expr(module: Module, context: ModuleContext, expr: Expr, wanted: int, known: int | None = None) -> None:
    if expr.span is not None:
        validate_const(module.source.data, *expr.span, context, wanted, known)


def _tables(module: Module, context: ModuleContext) -> None:
    imported = len(module.globals) - len(_defined(module.globals))

    def check(_index: int, item: Any) -> None:
        _check_table_type(item.type)
        element = context.value_type(item.type.element)
        if item.origin is not None:
            _expr(module, context, item.origin, element, imported)
        elif not is_nullable(element):
            raise mismatch("initializer", None, found=show(element))

    _at(module, 4, "table", _defined(module.tables), check)


def _memories(module: Module, context: ModuleContext) -> None:
    def check(_index: int, item: Any) -> None:
        _check_memory_type(item.type)

    _at(module, 5, "memory", _defined(module.memories), check)


def _tags(module: Module, context: ModuleContext) -> None:
    def check(_index: int, item: Any) -> None:
        _check_tag_type(item.type, context.index_of[item.type])

    _at(module, 13, "tag", _defined(module.tags), check)


def _globals(module: Module, context: ModuleContext) -> None:
    defined = _defined(module.globals)
    imported = len(module.globals) - len(defined)

    def check(index: int, item: Any) -> None:
        _expr(module, context, item.origin, context.globals[imported + index], imported + index)

    _at(module, 6, "global", defined, check)


def _exports(module: Module, context: ModuleContext) -> None:
    seen: set[str] = set()

    def check(_index: int, export: Any) -> None:
        if export.name in seen:
            raise duplicate_export(export.name, None)
        seen.add(export.name)

    _at(module, 7, "export", module.exports, check)


def _start(module: Module, context: ModuleContext) -> None:
    if module.start is None:
        return
    found = _check_func_type(module.start.type, context.index_of[module.start.type])
    if found.params or found.results:
        raise _placed(module, start_function(str(found), None).within("start section"), _START, 0)


def _elems(module: Module, context: ModuleContext) -> None:
    def check(index: int, elem: Elem) -> None:
        kind = context.elems[index]
        if elem.table is not None and elem.offset is not None:
            table = elem.table.type
            element = context.value_type(table.element)
            if not context.matches(kind, element):
                raise mismatch("table", None, show(element), show(kind))
            _expr(module, context, elem.offset, code_of(table.limits.address))
        for item in elem.items:
            if isinstance(item, Expr):
                _expr(module, context, item, kind)

    _at(module, 9, "elem", module.elems, check)


def _datas(module: Module, context: ModuleContext) -> None:
    def check(_index: int, segment: Any) -> None:
        if segment.offset is not None:
            _expr(module, context, segment.offset, code_of(segment.memory.type.limits.address))

    _at(module, 11, "data", module.datas, check)


def _funcs(module: Module, context: ModuleContext) -> None:
    def check(_index: int, item: Any) -> None:
        _check_func_type(item.type, context.index_of[item.type])

    _at(module, 3, "func", _defined(module.funcs), check)


def _code(module: Module, context: ModuleContext) -> None:
    for index, func in enumerate(module.funcs):
        if isinstance(func.origin, Body):
            check_func(module, context, index)
