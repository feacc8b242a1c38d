"""WASI preview 1, deterministic and without a way out: the same program does the same, and no file of the host is seen.

Not here: copying files of the host in and out, which is the command line's business.
"""

from __future__ import annotations

from .abi import ProcExit, Refused
from .files import Directory, File, Node, Symlink, Tree
from .functions import BY_NAME, MODULES, Function
from .guest import NO_MEMORY, Guest, memory_of
from .host import Wasi, find
from .system import WasiLimits

__all__ = [
    "BY_NAME",
    "Directory",
    "File",
    "Function",
    "Guest",
    "MODULES",
    "NO_MEMORY",
    "Node",
    "ProcExit",
    "Refused",
    "Symlink",
    "Tree",
    "Wasi",
    "WasiLimits",
    "find",
    "memory_of",
]
