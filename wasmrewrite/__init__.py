"""Static analysis and verified binary rewriting of WebAssembly modules.

This is the public surface; names are imported from their packages on first use. Passes find the rest of what they need
in ``wasmrewrite.rewrite``, ``wasmrewrite.analysis`` and ``wasmrewrite.contract``.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contract import Contract, Interface, contract_from_json, contract_to_json, parse_type
    from .equiv import Different, Inconclusive, Same, StubCall, Stubs, Verdict, replay, verify
    from .errors import (
        ConfigError,
        Exhaustion,
        InternalError,
        InvalidError,
        LimitError,
        LinkError,
        MalformedError,
        Position,
        RewriteError,
        Trap,
        WasmError,
    )
    from .explain import InterfaceDraft, Remark, Report, draft_interface, explain
    from .interp import Instance, instantiate
    from .model import Expr, Func, Instr, Module, instr
    from .rewrite import Pipeline
    from .runtime import Caller, Store, StoreLimits, with_caller
    from .validate import validate

__version__ = "0.1.0"

__all__ = [
    "Caller",
    "ConfigError",
    "Contract",
    "Different",
    "Exhaustion",
    "Expr",
    "Func",
    "Inconclusive",
    "Instance",
    "Instr",
    "Interface",
    "InterfaceDraft",
    "InternalError",
    "InvalidError",
    "LimitError",
    "LinkError",
    "MalformedError",
    "Module",
    "Pipeline",
    "Position",
    "Remark",
    "Report",
    "RewriteError",
    "Same",
    "Store",
    "StoreLimits",
    "StubCall",
    "Stubs",
    "Trap",
    "Verdict",
    "WasmError",
    "__version__",
    "contract_from_json",
    "contract_to_json",
    "draft_interface",
    "explain",
    "instantiate",
    "instr",
    "parse_type",
    "replay",
    "validate",
    "verify",
    "with_caller",
]

_PLACES = {
    "contract": ("Contract", "Interface", "contract_from_json", "contract_to_json", "parse_type"),
    "equiv": ("Different", "Inconclusive", "Same", "StubCall", "Stubs", "Verdict", "replay", "verify"),
    "errors": (
        "ConfigError",
        "Exhaustion",
        "InternalError",
        "InvalidError",
        "LimitError",
        "LinkError",
        "MalformedError",
        "Position",
        "RewriteError",
        "Trap",
        "WasmError",
    ),
    "explain": ("InterfaceDraft", "Remark", "Report", "draft_interface", "explain"),
    "interp": ("Instance", "instantiate"),
    "model": ("Expr", "Func", "Instr", "Module", "instr"),
    "rewrite": ("Pipeline",),
    "runtime": ("Caller", "Store", "StoreLimits", "with_caller"),
    "validate": ("validate",),
}
_HOMES = {name: package for package, names in _PLACES.items() for name in names}


_FOLDER = os.path.dirname(os.path.abspath(__file__))
if os.path.isfile(os.path.join(_FOLDER, "passes")):
    # A checkout on a system without links: what should be one is a file, and the folder is found one level up.
    __path__.append(os.path.dirname(_FOLDER))


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    package = _HOMES.get(name)
    if package is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{package}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, used or not."""
    return sorted({*globals(), *__all__})


class _Surface(ModuleType):
    """Fills the doors of ``Module``, and keeps functions reachable that are called as their packages are."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system binds every submodule to its name here, once it is complete; some would hide the
        # functions of their names. ``model`` may not import the rooms above it, so its doors are filled at that moment.
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)
        if name == "model":
            import_module(".doors", __name__)


sys.modules[__name__].__class__ = _Surface
