"""Show the whole story on one module that rustc built: look, rewrite, look again, prove, and catch a mistake.

    python tools/demo.py

Runs the real command line on files in ``.cache/demo`` and prints each command before what it answers. Exits with 1
at the first answer that is not the expected one.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "demo"
CRATE = "two_i64s.1.96-O3.wasm"
SCRIPT = Path(sys.executable).with_name("wasmrewrite")

REWRITE = """
rewrite before.wasm -o after.wasm --interface interface.toml
    --pass multi-value --pass add-start --set add-start.function=init
    --contract contract.json --explain
"""

# The wrapper's second load, `i64.load offset=8`, and the same with another offset.
SECOND_LOAD = bytes([0x29, 0x03, 0x08])
WRONG_LOAD = bytes([0x29, 0x03, 0x00])


def say(text: str) -> None:
    """Print one line of the story, with room above it."""
    print(f"\n# {text}", flush=True)


def command(line: str, expected: int = 0) -> None:
    """Show and run one command in the demo's folder; stop the demo when its exit code is not the expected one."""
    print(f"$ wasmrewrite {' '.join(line.split())}", flush=True)
    code = subprocess.run([SCRIPT, *shlex.split(line)], cwd=FOLDER, check=False).returncode
    if code != expected:
        sys.exit(f"demo: expected exit code {expected}, got {code}")


def break_one_load() -> None:
    """Write ``broken.wasm``: the rewritten module, but the wrapper loads its second result from the wrong place."""
    data = (FOLDER / "after.wasm").read_bytes()
    at = data.rfind(SECOND_LOAD)
    if at < 0:
        sys.exit("demo: the wrapper's load is not where it used to be")
    (FOLDER / "broken.wasm").write_bytes(data[:at] + WRONG_LOAD + data[at + len(SECOND_LOAD) :])


def main() -> None:
    """Tell the story."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copy(ROOT / "corpus" / "built" / CRATE, FOLDER / "before.wasm")
    shutil.copy(ROOT / "corpus" / "interfaces" / "two_i64s.toml", FOLDER / "interface.toml")

    say("What rustc made of a crate that imports and exports `get_two_i64s() -> (i64, i64)`: both take a pointer.")
    command("info before.wasm")
    say("We declare what the crate declared, and ask for true results and for `init` to run at instantiation.")
    print((FOLDER / "interface.toml").read_text("utf-8").strip())
    command(REWRITE)
    say("Now both return two i64, and there is a start function.")
    command("info after.wasm")
    say("Is it still the same program? The judge compares every byte that should not have changed, and runs both.")
    command("verify before.wasm after.wasm --contract contract.json --interface interface.toml")
    say("A caller gets both results; the initialiser has run already.")
    command("run after.wasm --invoke get_two_i64s")
    say("Would the judge notice a mistake? We let the wrapper load its second result from the wrong place.")
    break_one_load()
    command("verify before.wasm broken.wasm --contract contract.json --interface interface.toml", expected=1)
    print("\nThe demo's files are in .cache/demo.")


if __name__ == "__main__":
    main()
