"""The primitives that change items of a module, and note what has to be written anew.

Nothing is checked and nothing is claimed: passes use ``rewrite.Editor``. Not here: adding and removing, which the lists
of a module do.
"""

from __future__ import annotations

from typing import Any, Final

from ..isa.types import GlobalType, MemoryType, TableType, TypeDef
from .instr import Expr
from .items import Body, Data, Export, Exportable, Func, Global, Import, Item
from .layout import DEFINING, SECTIONS
from .module import Module

_SECTION: Final = {space: SECTIONS[number] for number, space in DEFINING.items()}


def section_of(item: Item) -> str:
    """The section whose entries hold ``item``."""
    return "import" if item.imported else _SECTION[item.space]


def _change(module: Module, item: Item, **values: Any) -> None:
    item._set(**values)
    if item.index0 is not None:  # a new item is written from its attributes anyway
        module.edits.touched.add(section_of(item))


def set_name(item: Item, name: str | None) -> None:
    """Name an item; shows if the module has a name section."""
    item._set(_name=name)


def set_type(module: Module, item: Exportable, type: TypeDef | TableType | MemoryType | GlobalType) -> None:
    """Give an item another type."""
    _change(module, item, type=type)


def set_import(module: Module, item: Exportable, origin: Import) -> None:
    """Import an item under another name."""
    _change(module, item, origin=origin)


def set_init(module: Module, item: Global, init: Expr) -> None:
    """Give a defined global another initial value."""
    _change(module, item, origin=init)


def set_data(module: Module, item: Data, data: bytes) -> None:
    """Give a data segment other contents."""
    _change(module, item, _data=bytes(data), span=None)


def set_body(module: Module, func: Func, body: Body) -> None:
    """Give a defined function other code."""
    func._set(origin=body)
    if func.index0 is not None:
        module.edits.bodies.add(func)


def set_export(module: Module, export: Export, name: str | None = None, item: Exportable | None = None) -> None:
    """Give an export another name, or let it name another item."""
    export._set(name=export.name if name is None else name, item=export.item if item is None else item)
    module.edits.touched.add("export")
