"""What a module is: items that refer to items. See ``module.Module``."""

from .instr import Expr, Instr, instr
from .items import (
    Body,
    Custom,
    Data,
    Elem,
    Export,
    Exportable,
    Func,
    Global,
    Import,
    Item,
    Memory,
    Table,
    Tag,
    external_type,
)
from .module import Module
from .operands import Cast, Catch, MemArg

__all__ = [
    "Body",
    "Cast",
    "Catch",
    "Custom",
    "Data",
    "Elem",
    "Export",
    "Exportable",
    "Expr",
    "Func",
    "Global",
    "Import",
    "Instr",
    "Item",
    "MemArg",
    "Memory",
    "Module",
    "Table",
    "Tag",
    "external_type",
    "instr",
]
