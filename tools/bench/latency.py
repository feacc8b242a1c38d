"""The row about small modules: from bytes to the first result, in this process."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tools.bench.measure import BenchError, Contestant, calls
from tools.bench.peers import assembled, packages
from tools.bench.row import OURS, Contest, Row
from wasmrewrite.interp import instantiate

ARGUMENT = 7
TIMES = 100  # one takes less than clocks tell apart


def _ours(data: bytes) -> object:
    func: Any = instantiate(data).exports["run"]
    return func(ARGUMENT)


def _pywasm(package: Any, data: bytes) -> object:
    runtime = package.core.Runtime()
    instance = runtime.instance(package.core.ModuleDesc.from_reader(io.BytesIO(data)))
    return runtime.invocate(instance, "run", [ARGUMENT])[0]


def _wasmtime(package: Any, engine: Any, data: bytes) -> object:
    store = package.Store(engine)
    instance = package.Instance(store, package.Module(engine, data), [])
    return instance.exports(store)["run"](store, ARGUMENT)


def _small(_folder: Path) -> Contest:
    data = assembled("small")
    found, missing = packages("wasmtime", "pywasm")
    ways: dict[str, Callable[[], object]] = {OURS: lambda: _ours(data)}
    if "wasmtime" in found:
        engine = found["wasmtime"].Engine()
        ways["wasmtime"] = lambda: _wasmtime(found["wasmtime"], engine, data)
    if "pywasm" in found:
        ways["pywasm"] = lambda: _pywasm(found["pywasm"], data)
    if len({way() for way in ways.values()}) != 1:  # warms up, too
        raise BenchError("latency: not everybody returns the same")
    contestants = [Contestant(name, partial(calls, way, TIMES)) for name, way in ways.items()]
    return Contest(contestants, missing)


ROWS = (Row("latency", "a module of two functions: compile, instantiate, call", _small),)
