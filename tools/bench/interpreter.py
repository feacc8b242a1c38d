"""Rows about execution: one kernel each, in this process, beside other engines that are written in Python.

Both run the same module with the same argument and have to return the same; how many instructions that takes is what
our interpreter's fuel counts. Compiling is not counted. The kernels are in the folder ``kernels``.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tools.bench.measure import BenchError, Contestant, at_most_share, calls
from tools.bench.peers import assembled, packages
from tools.bench.row import OURS, Contest, Row
from wasmrewrite.interp import instantiate

# Kernel and the argument of its function "run"; about a million instructions each.
SIZES = {
    "fib": 22,
    "sieve": 60_000,
    "sha_like": 1_500,
    "mandelbrot": 40,
    "collatz": 2_000,
    "br_table": 60_000,
    "call_indirect": 40_000,
}


def _ours(data: bytes, size: int) -> tuple[Callable[[], int], int]:
    """What to call, and how many instructions one call executes."""
    instance = instantiate(data)
    func: Any = instance.exports["run"]

    def run() -> int:
        instance.store.refuel(None)
        result: int = func(size)
        return result

    run()  # compiles
    return run, instance.store.executed


def _pywasm(package: Any, data: bytes, size: int) -> Callable[[], int]:
    runtime = package.core.Runtime()
    instance = runtime.instance(package.core.ModuleDesc.from_reader(io.BytesIO(data)))
    return lambda: int(runtime.invocate(instance, "run", [size])[0]) & 0xFFFF_FFFF


def _kernel(name: str, size: int, _folder: Path) -> Contest:
    data = assembled(name)
    run, instructions = _ours(data, size)
    contestants = [Contestant(OURS, partial(calls, run))]
    found, missing = packages("pywasm")
    for peer, package in found.items():
        theirs = _pywasm(package, data, size)
        if theirs() != run():
            raise BenchError(f"{name}: {peer} returns something else")
        contestants.append(Contestant(peer, partial(calls, theirs)))
    return Contest(contestants, missing, [at_most_share(OURS, "pywasm", 5)], instructions)


ROWS = tuple(
    Row(f"interpreter/{name}", f"kernel {name}, argument {size}", partial(_kernel, name, size))
    for name, size in SIZES.items()
)
