"""Rows about whole processes that read and write files: rewriting, round trip, re-encoding, call graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.bench.measure import Contestant, Target, at_most_peak, at_most_seconds, at_most_share, process
from tools.bench.peers import COMMAND, PYTHON, module, programs
from tools.bench.row import OURS, Contest, Row

# Four exports of swc that return through a pointer, each with three words: value, error, is it an error.
RETURNING = ("minifySync", "parseSync", "printSync", "transformSync")
# Start functions: one that reaches nothing, and one that reaches much of the module, which add-start then looks at.
NEAR = ("add-start.function=__wbindgen_add_to_stack_pointer", "add-start.args=i32:0")
FAR = ("add-start.function=minifySync", *("add-start.args=i32:0",) * 3)
MULTI_VALUE = tuple(f"multi-value.export={name}=(u32, u32, u32)" for name in RETURNING)

UNCHANGED = "import sys; from wasmrewrite import Module; Module.from_file(sys.argv[1]).to_file(sys.argv[2])"
ANEW = "import sys; from wasmrewrite import Module; Module.from_file(sys.argv[1]).to_bytes(reencode=True)"


def _ours(*command: str) -> Contestant:
    return Contestant(OURS, lambda: process(command))


def _beside(ours: Contestant, peer: Sequence[str], *targets: Target) -> Contest:
    peers, missing = programs(peer)
    return Contest([ours, *peers], missing, targets)


def _wasm_opt(source: Path, target: Path) -> tuple[str, ...]:
    return ("wasm-opt", "-all", str(source), "-o", str(target))


def _rewrite(start: Sequence[str], folder: Path) -> Contest:
    swc, output = module("swc"), folder / "swc.wasm"
    settings = [word for setting in (*start, *MULTI_VALUE) for word in ("--set", setting)]
    passes = ["--pass", "add-start", "--pass", "multi-value"]
    return _beside(
        _ours(*COMMAND, "rewrite", str(swc), "-o", str(output), *passes, *settings),
        _wasm_opt(swc, folder / "swc.peer.wasm"),
        at_most_share(OURS, "wasm-opt", 8),
        at_most_peak(OURS, 2 * swc.stat().st_size + 40e6),
    )


def _round_trip(folder: Path) -> Contest:
    swc, output = module("swc"), folder / "swc.wasm"
    return _beside(_ours(PYTHON, "-c", UNCHANGED, str(swc), str(output)), _wasm_opt(swc, folder / "swc.peer.wasm"))


def _reencode(folder: Path) -> Contest:
    big = module("lightningcss")
    return _beside(
        _ours(PYTHON, "-c", ANEW, str(big)),
        _wasm_opt(big, folder / "lightningcss.peer.wasm"),
        at_most_seconds(OURS, 30),
        at_most_peak(OURS, 400e6),
    )


def _call_graph(name: str, folder: Path) -> Contest:
    source, output = module(name), folder / "graph.json"
    return _beside(
        _ours(*COMMAND, "callgraph", str(source), "--format", "json", "-o", str(output)),
        ("wasm-opt", "-all", "--print-call-graph", str(source)),
        at_most_share(OURS, "wasm-opt", 2),
    )


def _explain(folder: Path) -> Contest:
    swc, output = module("swc"), folder / "explained.json"
    return _beside(
        _ours(*COMMAND, "explain", str(swc), "--format", "json", "-o", str(output)),
        _wasm_opt(swc, folder / "swc.peer.wasm"),
        at_most_seconds(OURS, 5),
    )


ROWS = (
    Row(
        "rewrite",
        "swc (18 MB): add-start and four multi-value exports; wasm-opt writes it unchanged",
        partial(_rewrite, NEAR),
    ),
    Row("rewrite-far", "the same with a start function that reaches much of the module", partial(_rewrite, FAR)),
    Row("round-trip", "swc (18 MB): read and write unchanged", _round_trip),
    Row("reencode", "lightningcss (16 MB): every section, entry and operand anew", _reencode),
    Row(
        "call-graph/swc",
        "swc (18 MB): the whole call graph as JSON; wasm-opt lists direct calls only",
        partial(_call_graph, "swc"),
    ),
    Row("call-graph/ruff", "ruff (10 MB): the same", partial(_call_graph, "ruff")),
    Row("explain", "swc (18 MB): everything remarkable; nobody else does that, wasm-opt writes it unchanged", _explain),
)
