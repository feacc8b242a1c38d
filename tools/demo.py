"""Show the whole story on one module that rustc built: look, rewrite, look again, prove, and catch mistakes.

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

from wasmrewrite import Module
from wasmrewrite.rewrite import Body, Func

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "demo"
CRATE = "two_i64s.1.96-O3.wasm"
COMMAND = [sys.executable, "-m", "wasmrewrite"]

REWRITE = (
    "rewrite before.wasm -o after.wasm --declarations interface.toml",
    "    --pass multi-value --pass add-start --set add-start.function=init",
    "    --write-contract contract.json --verbose",
)
VERIFY = "--contract contract.json --declarations interface.toml --expect-start init"

# i64.load with its alignment, and a narrower load with the alignment that suits it.
LOAD, NARROW_LOAD = b"\x29\x03", b"\x35\x02"


def say(text: str) -> None:
    """Print one line of the story, with room above it."""
    print(f"\n# {text}", flush=True)


def command(*lines: str, expected: int = 0) -> None:
    """Show and run one command in the demo's folder; stop the demo when its exit code is not the expected one."""
    print("$ wasmrewrite " + " \\\n".join(lines), flush=True)
    arguments = shlex.split(" ".join(lines))
    # The trace of host calls goes to standard error; here both are one story.
    code = subprocess.run([*COMMAND, *arguments], cwd=FOLDER, stderr=subprocess.STDOUT, check=False).returncode
    if code != expected:
        sys.exit(f"demo: expected exit code {expected}, got {code}")
    if code:
        print(f"(exit code {code})", flush=True)


def wrapper() -> tuple[bytes, dict[str, int], Module]:
    """The rewritten module's bytes and, of the function that stands in for the old export, where instructions lie."""
    data = (FOLDER / "after.wasm").read_bytes()
    module = Module.from_bytes(data)
    export = module.export("get_two_i64s")
    if export is None or not isinstance(export.item, Func) or not isinstance(export.item.origin, Body):
        sys.exit("demo: the export is not the wrapper that it should be")
    expr = export.item.origin.expr
    return data, {instr.op.name: at for instr, at in zip(expr, expr.offsets, strict=True)}, module


def break_it(what: str, name: str) -> None:
    """Write ``name``: the rewritten module with one mistake in the wrapper."""
    data, places, module = wrapper()
    load, call = places["i64.load"], places["call"]
    stranger = next(func for func in reversed(module.funcs) if str(func.type.composite) == "[i32] -> []").index0 or 0
    at, old, new = {
        "offset": (load + 2, b"\x08", b"\x00"),
        "opcode": (load, LOAD, NARROW_LOAD),
        "callee": (call + 1, data[call + 1 : call + 2], bytes([stranger])),
    }[what]
    if data[at : at + len(old)] != old or old == new:
        sys.exit(f"demo: there is no {what} to change where it should be")
    (FOLDER / name).write_bytes(data[:at] + new + data[at + len(old) :])


def rewrite_and_prove() -> None:
    """From what rustc made to a verdict."""
    say("What rustc made of a crate that imports and exports `get_two_i64s() -> (i64, i64)`: both take a pointer.")
    command("info before.wasm")
    say("We declare what the crate declared ...")
    print((FOLDER / "interface.toml").read_text("utf-8").strip())
    say("... and ask for true results, and for `init` to run at instantiation.")
    command(*REWRITE)
    say("Now both return two i64, and there is a start function. Everything else is byte for byte what it was.")
    command("info after.wasm")
    say("Is it still the same program? The judge compares all bytes that should not have changed, and runs both.")
    command(f"verify before.wasm after.wasm {VERIFY}")


def run_both() -> None:
    """The two values, before and after, as an export and as an import."""
    say("Before, a caller had to lend memory for the result, and to call `init` itself.")
    command("run before.wasm --invoke get_two_i64s --declarations interface.toml --stub-imports")
    say("After, both values are results, and `init` has run.")
    command("run after.wasm --invoke get_two_i64s --stub-imports")
    say("The imported function of that name: before it wrote through a pointer, now it returns.")
    for side in ("before", "after"):
        command(f"run {side}.wasm --invoke difference_from_host --declarations interface.toml --host-seed 1 --trace")


def catch_mistakes() -> None:
    """Three modules that are valid, and wrong."""
    for what, told in (
        ("offset", "the wrapper loads its second result from the wrong place"),
        ("opcode", "the wrapper loads half of its second result"),
        ("callee", "the wrapper calls another function of the same type"),
    ):
        say(f"Would the judge notice a mistake? Here {told}.")
        break_it(what, f"wrong_{what}.wasm")
        command(f"verify before.wasm wrong_{what}.wasm {VERIFY}", expected=1)


def main() -> None:
    """Tell the story."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copy(ROOT / "corpus" / "built" / CRATE, FOLDER / "before.wasm")
    shutil.copy(ROOT / "corpus" / "interfaces" / "two_i64s.toml", FOLDER / "interface.toml")
    rewrite_and_prove()
    run_both()
    catch_mistakes()
    print("\nThe demo's files are in .cache/demo.")


if __name__ == "__main__":
    main()
