"""How change happens: everything a pass needs, and everything needed to run passes.

A pass is one file with one class derived from ``ModulePass``. It sees a ``Module``, and changes it by an ``Editor``.
"""

from ..errors import ConfigError, RewriteError
from ..isa.immediates import BrTable
from ..isa.types import (
    F32,
    F64,
    I32,
    I64,
    V128,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    NumType,
    RefType,
    TableType,
    TypeDef,
    ValType,
    func_type,
)
from ..model import (
    Body,
    Cast,
    Catch,
    Custom,
    Data,
    Elem,
    Export,
    Expr,
    Func,
    Global,
    Import,
    Instr,
    Item,
    MemArg,
    Memory,
    Module,
    Table,
    Tag,
    instr,
)
from .base import ModulePass, Promise
from .builder import Code
from .byvalue import PointerReturn, export_wrapper, import_wrapper, misdeclared, pointer_return, returns_already
from .claiming import ByValue, Calls, NoLongerCalls
from .constants import constant
from .declared import Wanted, unknown_imports
from .editor import Editor, Note
from .interface_file import parse_interface
from .lookup import called, find_export, find_func, find_imports, find_memory, function_names, imports_of
from .options import option
from .pipeline import Pipeline, Result
from .starter import Step, steps
from .suggest import did_you_mean

__all__ = [
    "F32",
    "F64",
    "I32",
    "I64",
    "V128",
    "Body",
    "BrTable",
    "ByValue",
    "Calls",
    "Cast",
    "Catch",
    "Code",
    "ConfigError",
    "Custom",
    "Data",
    "Editor",
    "Elem",
    "Export",
    "Expr",
    "Func",
    "FuncType",
    "Global",
    "GlobalType",
    "Import",
    "Instr",
    "Item",
    "Limits",
    "MemArg",
    "Memory",
    "MemoryType",
    "Module",
    "ModulePass",
    "NoLongerCalls",
    "Note",
    "NumType",
    "Pipeline",
    "PointerReturn",
    "Promise",
    "RefType",
    "Result",
    "RewriteError",
    "Step",
    "Table",
    "TableType",
    "Tag",
    "TypeDef",
    "ValType",
    "Wanted",
    "called",
    "constant",
    "did_you_mean",
    "export_wrapper",
    "find_export",
    "find_func",
    "find_imports",
    "find_memory",
    "function_names",
    "func_type",
    "import_wrapper",
    "imports_of",
    "instr",
    "misdeclared",
    "option",
    "parse_interface",
    "pointer_return",
    "returns_already",
    "steps",
    "unknown_imports",
]
