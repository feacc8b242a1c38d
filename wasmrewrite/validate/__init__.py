"""Validation (specification, chapter 3): ``validate`` a module, ``validate_func`` one body, the ``context`` of both."""

from ..kernels.module_context import ModuleContext
from ..kernels.validate import SideTable
from .code import validate_func
from .context import context
from .module import validate

__all__ = ["ModuleContext", "SideTable", "context", "validate", "validate_func"]
