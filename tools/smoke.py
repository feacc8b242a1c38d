"""Prove that an installed wasmrewrite works where it was installed, from a folder that holds nothing of the project.

    python -I smoke.py MODULE.wasm

Run with the interpreter of the environment under test; MODULE is a corpus file with an exported ``get_two_i64s`` that
returns through a pointer. Exits with the first thing that does not work.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path


def command(*arguments: str) -> str:
    """Run the installed command line; return what it printed, exit when it fails."""
    script = Path(sys.executable).with_name("wasmrewrite")
    done = subprocess.run([script, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"smoke: wasmrewrite {' '.join(arguments)} returned {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Import every pass, ask for help, rewrite a module, verify the result."""
    passes = importlib.import_module("wasmrewrite.passes")
    if not str(passes.__file__).startswith(sys.prefix):
        sys.exit(f"smoke: wasmrewrite.passes came from {passes.__file__}, not from the environment under test")
    names = [module.name for module in pkgutil.iter_modules(passes.__path__)]
    for name in names:
        importlib.import_module(f"wasmrewrite.passes.{name}")
    listed = command("passes")
    missing = [name for name in names if name.replace("_", "-") not in listed]
    if missing or not names:
        sys.exit(f"smoke: not listed by `wasmrewrite passes`: {missing or 'any pass'}")
    if "rewrite" not in command("--help"):
        sys.exit("smoke: --help does not mention rewrite")
    module = sys.argv[1]
    multi_value = ["--pass", "multi-value", "--set", "multi-value.export=get_two_i64s=(i64, i64)"]
    command("rewrite", module, "-o", "after.wasm", *multi_value, "--write-contract", "contract.json")
    print(command("verify", module, "after.wasm", "--contract", "contract.json").strip())
    print(f"smoke: {len(names)} passes, --help, rewrite and verify work from the wheel")


if __name__ == "__main__":
    main()
