"""Convert the official test suite into modules and JSON that ``tests/spec`` can run.

    python tools/split_suite.py

The suite is the folder named by ``WASM_SPEC_TESTSUITE``: the ``.wast`` scripts of the specification's repository. The
converter is the script named by ``WASM_SUITE_CONVERTER``, by default one in ``tools`` beside the suite. Called as
``CONVERTER --encoder wasmtime -o OUT SUITE``, it writes, for each script, a folder with a JSON list of commands (in
the form of ``wasm-tools json-from-wast``) beside the modules. It is no part of this project on purpose: what judges
our reader should not be our reader. The result replaces ``.cache/suite`` only when the whole conversion succeeded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".cache" / "suite"


def place(variable: str, default: Path) -> Path:
    """The path an environment variable names, or the default; exits when nothing is there."""
    path = Path(os.environ.get(variable) or default).resolve()
    if not path.exists():
        sys.exit(f"split_suite: {variable} should name something that exists; {path} does not")
    return path


def convert(converter: Path, suite: Path, out: Path) -> None:
    """Run the converter; exits when it fails, as it does if any script could not be converted."""
    environment = {**os.environ, "PYTHONPATH": str(converter.parent)}
    # One encoder everywhere: with whatever else a machine has, other modules would be there to test.
    command = [sys.executable, str(converter), "--encoder", "wasmtime", "-o", str(out), str(suite)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # The converter names each module that it left as text; all of them would be noise here.
    print("\n".join(done.stdout.splitlines()[-1:]), flush=True)
    if done.returncode != 0:
        sys.exit(f"split_suite: the converter failed:\n{done.stderr}")


def main() -> None:
    """Convert the whole suite and say how much there is."""
    suite = place("WASM_SPEC_TESTSUITE", ROOT.parent / "shared" / "spec-testsuite")
    converter = place("WASM_SUITE_CONVERTER", suite.parent / "tools" / "wast_json.py")
    partial = TARGET.with_name("suite.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    convert(converter, suite, partial)
    count = Counter(path.suffix for path in partial.rglob("*") if path.is_file())
    if not count[".json"] or not count[".wasm"]:
        sys.exit(f"split_suite: {suite} holds no scripts")
    shutil.rmtree(TARGET, ignore_errors=True)
    partial.rename(TARGET)
    print(f"{count['.json']} scripts, {count['.wasm']} binary and {count['.wat']} text modules in .cache/suite")


if __name__ == "__main__":
    main()
