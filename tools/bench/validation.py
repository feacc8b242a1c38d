"""The row about validation: ours and wasmtime's in this process, other programs as whole processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.bench.measure import Contestant, calls
from tools.bench.peers import module, packages, programs
from tools.bench.row import OURS, Contest, Row
from wasmrewrite import Module, validate


def _wasmtime(package: Any, data: bytes) -> Contestant:
    engine = package.Engine()
    return Contestant("wasmtime", lambda: calls(lambda: package.Module.validate(engine, data)))


def _resvg(_folder: Path) -> Contest:
    path = module("resvg")
    data = path.read_bytes()
    found, no_packages = packages("wasmtime")
    peers, no_programs = programs(
        ("wasm-validate", "--enable-all", str(path)), ("wasm-tools", "validate", "--features", "all", str(path))
    )
    ours = Contestant(OURS, lambda: calls(lambda: validate(Module.from_bytes(data))))
    return Contest(
        [ours, *(_wasmtime(package, data) for package in found.values()), *peers], [*no_packages, *no_programs]
    )


ROWS = (Row("validation", "resvg (2.5 MB): is it valid", _resvg),)
