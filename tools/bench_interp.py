"""Measure the interpreter on small kernels, beside pywasm where that is installed: million instructions per CPU second.

    python tools/bench_interp.py [KERNEL...] [--runs N] [--scale X]

Each figure is the best of several runs. Both engines run the same module with the same arguments; how many instructions
that takes is what the interpreter's fuel counts. Needs wasmtime to assemble the kernels. Never part of the gate.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import wasmtime

from wasmrewrite.interp import instantiate


@dataclass(frozen=True, slots=True)
class Kernel:
    """A module that exports ``run``, which leaves nothing behind; ``size`` is its argument."""

    name: str
    size: int
    text: str


FIB = Kernel(
    "fib",
    22,
    """(module (func $fib (export "run") (param $n i32) (result i32)
  (if (result i32) (i32.lt_u (local.get $n) (i32.const 2)) (then (local.get $n)) (else
    (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
             (call $fib (i32.sub (local.get $n) (i32.const 2))))))))""",
)
SIEVE = Kernel(
    "sieve",
    60_000,
    """(module (memory 16) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $c i32)
  (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
  (local.set $i (i32.const 2))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
    (if (i32.eqz (i32.load8_u (local.get $i))) (then
      (local.set $c (i32.add (local.get $c) (i32.const 1)))
      (local.set $j (i32.shl (local.get $i) (i32.const 1)))
      (block $crossed (loop $cross
        (br_if $crossed (i32.ge_u (local.get $j) (local.get $n)))
        (i32.store8 (local.get $j) (i32.const 1))
        (local.set $j (i32.add (local.get $j) (local.get $i)))
        (br $cross)))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (local.get $c)))""",
)
HASH = Kernel(
    "sha-like",
    1_500,
    """(module (memory 1) (func (export "run") (param $n i32) (result i32)
  (local $i i32) (local $t i32) (local $a i32) (local $b i32) (local $c i32)
  (memory.fill (i32.const 0) (i32.const 0) (i32.const 64))
  (local.set $a (i32.const 0x67452301)) (local.set $b (i32.const 0xefcdab89)) (local.set $c (i32.const 0x98badcfe))
  (loop $blocks
    (local.set $t (i32.const 0))
    (loop $rounds
      (i32.store (i32.shl (local.get $t) (i32.const 2))
        (i32.xor (i32.load (i32.shl (local.get $t) (i32.const 2))) (i32.rotl (local.get $a) (local.get $t))))
      (local.set $a (i32.add (i32.rotr (local.get $a) (i32.const 7))
        (i32.xor (i32.and (local.get $b) (local.get $c))
          (i32.add (i32.load (i32.shl (local.get $t) (i32.const 2))) (i32.const 0x5a827999)))))
      (local.set $b (i32.xor (local.get $b) (i32.rotl (local.get $a) (i32.const 5))))
      (local.set $c (i32.add (local.get $c) (i32.shr_u (local.get $b) (i32.const 3))))
      (br_if $rounds (i32.lt_u (local.tee $t (i32.add (local.get $t) (i32.const 1))) (i32.const 16))))
    (br_if $blocks (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
  (i32.xor (local.get $a) (i32.xor (local.get $b) (local.get $c)))))""",
)
MANDELBROT = Kernel(
    "mandelbrot",
    40,
    """(module (func (export "run") (param $n i32) (result i32)
  (local $px i32) (local $py i32) (local $k i32) (local $sum i32) (local $scale f64)
  (local $cx f64) (local $cy f64) (local $x f64) (local $y f64) (local $t f64)
  (local.set $scale (f64.div (f64.const 3) (f64.convert_i32_u (local.get $n))))
  (loop $rows
    (local.set $px (i32.const 0))
    (local.set $cy (f64.sub (f64.mul (f64.convert_i32_u (local.get $py)) (local.get $scale)) (f64.const 1.5)))
    (loop $columns
      (local.set $cx (f64.sub (f64.mul (f64.convert_i32_u (local.get $px)) (local.get $scale)) (f64.const 2)))
      (local.set $x (f64.const 0)) (local.set $y (f64.const 0)) (local.set $k (i32.const 0))
      (block $out (loop $iterate
        (br_if $out (f64.gt (f64.add (f64.mul (local.get $x) (local.get $x)) (f64.mul (local.get $y) (local.get $y)))
          (f64.const 4)))
        (local.set $t (f64.add (f64.sub (f64.mul (local.get $x) (local.get $x)) (f64.mul (local.get $y) (local.get $y)))
          (local.get $cx)))
        (local.set $y (f64.add (f64.mul (f64.mul (local.get $x) (local.get $y)) (f64.const 2)) (local.get $cy)))
        (local.set $x (local.get $t))
        (br_if $iterate (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 50)))))
      (local.set $sum (i32.add (local.get $sum) (local.get $k)))
      (br_if $columns (i32.lt_u (local.tee $px (i32.add (local.get $px) (i32.const 1))) (local.get $n))))
    (br_if $rows (i32.lt_u (local.tee $py (i32.add (local.get $py) (i32.const 1))) (local.get $n))))
  (local.get $sum)))""",
)
COLLATZ = Kernel(
    "collatz",
    2_000,
    """(module (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x i64) (local $steps i32)
  (local.set $i (i32.const 1))
  (loop $numbers
    (local.set $x (i64.extend_i32_u (local.get $i)))
    (block $one (loop $next
      (br_if $one (i64.eq (local.get $x) (i64.const 1)))
      (local.set $x (if (result i64) (i32.wrap_i64 (i64.and (local.get $x) (i64.const 1)))
        (then (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1)))
        (else (i64.shr_u (local.get $x) (i64.const 1)))))
      (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
      (br $next)))
    (br_if $numbers (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
  (local.get $steps)))""",
)
BR_TABLE = Kernel(
    "br_table",
    60_000,
    """(module (func (export "run") (param $n i32) (result i32) (local $state i32) (local $sum i32)
  (loop $next
    (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d (i32.and (local.get $state) (i32.const 3))))
      (local.set $state (i32.add (local.get $state) (i32.const 5))) (br $d))
      (local.set $state (i32.mul (local.get $state) (i32.const 3))) (br $d))
      (local.set $state (i32.xor (local.get $state) (i32.const 7))))
    (local.set $sum (i32.add (local.get $sum) (local.get $state)))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $sum)))""",
)
CALL_INDIRECT = Kernel(
    "call_indirect",
    40_000,
    """(module (type $f (func (param i32) (result i32))) (table funcref (elem $inc $double $flip))
  (func $inc (type $f) (i32.add (local.get 0) (i32.const 1)))
  (func $double (type $f) (i32.shl (local.get 0) (i32.const 1)))
  (func $flip (type $f) (i32.xor (local.get 0) (i32.const -1)))
  (func (export "run") (param $n i32) (result i32) (local $x i32)
  (loop $next
    (local.set $x (call_indirect (type $f) (local.get $x) (i32.rem_u (local.get $n) (i32.const 3))))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $x)))""",
)
KERNELS = {kernel.name: kernel for kernel in (FIB, SIEVE, HASH, MANDELBROT, COLLATZ, BR_TABLE, CALL_INDIRECT)}


def seconds(run: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """The least CPU time of several runs, and what they returned."""
    best, result = float("inf"), None
    for _ in range(runs):
        start = time.process_time()
        result = run()
        best = min(best, time.process_time() - start)
    return best, result


def ours(data: bytes, size: int, runs: int) -> tuple[float, int, int]:
    """CPU seconds, result and instructions of one run."""
    instance = instantiate(data)
    func = instance.exports["run"]

    def run() -> int:
        instance.store.refuel(None)
        result: int = func(size)  # type: ignore[operator]
        return result

    run()  # compiles
    best, result = seconds(run, runs)
    return best, result, instance.store.executed


def pywasm(data: bytes, size: int, runs: int) -> tuple[float, int] | None:
    """CPU seconds and result of pywasm, or None if it is not installed."""
    try:
        package = importlib.import_module("pywasm")
    except ImportError:
        return None
    with tempfile.NamedTemporaryFile(suffix=".wasm") as file:
        file.write(data)
        file.flush()
        runtime = package.core.Runtime()
        module = runtime.instance_from_file(file.name)
    best, results = seconds(lambda: runtime.invocate(module, "run", [size]), runs)
    return best, results[0] & 0xFFFF_FFFF


def row(kernel: Kernel, scale: float, runs: int) -> tuple[str, float | None]:
    """One line of the table, and how many times faster we are."""
    data = bytes(wasmtime.wat2wasm(kernel.text))
    size = kernel.size if kernel.name == "fib" else max(2, int(kernel.size * scale))
    best, result, count = ours(data, size, runs)
    peer = pywasm(data, size, max(1, runs // 3))
    line = f"{kernel.name:14} {count / 1e6:8.2f} {count / best / 1e6:10.2f}"
    if peer is None:
        return line, None
    if peer[1] != result:
        raise SystemExit(f"{kernel.name}: ours returns {result}, pywasm {peer[1]}")
    return f"{line} {count / peer[0] / 1e6:10.2f} {peer[0] / best:8.1f}", peer[0] / best


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure the interpreter, beside pywasm where that is installed.")
    parser.add_argument("kernel", nargs="*", choices=[[], *KERNELS], help="which kernels (default: all)")
    parser.add_argument("--runs", type=int, default=3, help="how many runs of each, the best counts")
    parser.add_argument("--scale", type=float, default=1.0, help="how much work, fib excepted")
    options = parser.parse_args(argv)
    print(f"{'kernel':14} {'M instr':>8} {'ours M/s':>10} {'pywasm M/s':>10} {'times':>8}")
    ratios = []
    for name in options.kernel or KERNELS:
        line, ratio = row(KERNELS[name], options.scale, options.runs)
        print(line, flush=True)
        ratios += [ratio] if ratio is not None else []
    if ratios:
        print(f"{'geometric mean':14} {prod(ratios) ** (1 / len(ratios)):39.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
