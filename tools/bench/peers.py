"""What is there to measure with: other people's programs and packages, fetched modules, assembled kernels.

Peers are used when installed and never fetched. Not here: what they are asked to do.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tools.bench.measure import Contestant, Skipped, process

ROOT = Path(__file__).resolve().parent.parent.parent
KERNELS = Path(__file__).with_name("kernels")
PYTHON = sys.executable
COMMAND = (PYTHON, "-m", "wasmrewrite")


def library(name: str) -> Any | None:
    """A Python package, or None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def module(name: str) -> Path:
    """The file of a module of ``tools/modules.toml``. Raises ``Skipped`` with the command that fetches it."""
    path = ROOT / ".cache" / "modules" / f"{name}.wasm"
    if not path.exists():
        raise Skipped(f"needs {name}.wasm; fetch it with: python tools/fetch_modules.py {name}")
    return path


def assembled(kernel: str) -> bytes:
    """A module of the folder ``kernels``, as bytes. Raises ``Skipped`` without an assembler."""
    wasmtime = library("wasmtime")
    if wasmtime is None:
        raise Skipped("needs an assembler; install the package wasmtime")
    return bytes(wasmtime.wat2wasm((KERNELS / f"{kernel}.wat").read_text("utf-8")))


def programs(*commands: Sequence[str]) -> tuple[list[Contestant], list[str]]:
    """Contestants that are other programs, each called like its program; and what to say about the missing ones."""
    there = [command for command in commands if shutil.which(command[0])]
    missing = [f"{command[0]} is not installed" for command in commands if command not in there]
    return [Contestant(command[0], partial(process, command)) for command in there], missing


def packages(*names: str) -> tuple[dict[str, Any], list[str]]:
    """The Python packages that are installed, by name; and what to say about the others."""
    found = {name: library(name) for name in names}
    missing = [f"the Python package {name} is not installed" for name, it in found.items() if it is None]
    return {name: it for name, it in found.items() if it is not None}, missing
