"""What execution works on, shared by all engines: values, traps, the store and its instances, linking, the host's side.

Not here: executing instructions (``interp``).
"""

from __future__ import annotations

from .host import Caller, HostCall, RecordingHost, spectest, with_caller
from .instances import Extern, FuncInst, GlobalInst, HostFunc, ModuleInst, TagInst, WatchedGlobal
from .link import Imports
from .memory import MemoryInst
from .store import Store, StoreLimits
from .table import TableInst
from .values import HostRef, Value

__all__ = [
    "Caller",
    "Extern",
    "FuncInst",
    "GlobalInst",
    "HostCall",
    "HostFunc",
    "HostRef",
    "Imports",
    "MemoryInst",
    "ModuleInst",
    "RecordingHost",
    "Store",
    "StoreLimits",
    "TableInst",
    "TagInst",
    "Value",
    "WatchedGlobal",
    "spectest",
    "with_caller",
]
