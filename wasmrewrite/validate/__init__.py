"""Validation (specification, chapter 3): of a module (``validate``), or of one body, which needs its ``context``.

``check_func`` only checks a body, ``validate_func`` gives its ``SideTable`` besides.
"""

from .body.context import ModuleContext
from .body.side_table import SideTable
from .code import check_func, validate_func
from .context import context
from .module import validate

__all__ = ["ModuleContext", "SideTable", "check_func", "context", "validate", "validate_func"]
