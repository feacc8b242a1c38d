"""What users declare, read from the files they name: interfaces, and the stack pointer where code tells.

Not here: the meaning of those files (``rewrite.config``, ``contract.interface``).
"""

from __future__ import annotations

from ..contract import Interface
from ..errors import RewriteError
from ..model import Module
from . import streams


def read_interface(path: str) -> Interface:
    """Read an interface file. Raises ``ConfigError``, ``OSError``."""
    from ..rewrite.config import interface_from_toml

    return interface_from_toml(streams.read_text(path), path)


def stack_pointer(module: Module) -> int | None:
    """The index of the global that is the stack pointer; None where that is not certain."""
    from ..analysis import find_stack_pointer

    try:
        return module.globals.index(find_stack_pointer(module).item)
    except RewriteError:
        return None
