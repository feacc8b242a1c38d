"""SIGINT while Python was still importing ended with a traceback of some forty lines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

SLOW = """
import importlib.abc, os, signal, sys

class Interrupts(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == WHERE:
            os.kill(os.getpid(), signal.SIGINT)
        return None

sys.meta_path.insert(0, Interrupts())
from wasmrewrite.cli.__main__ import main
sys.argv = ["wasmrewrite", "info", "nowhere.wasm"]
main()
"""


def heed_interrupts() -> None:
    """In a child: what shells start in the background ignores interrupts, and so do its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(os.name == "nt", reason="no process sends itself SIGINT there")
@pytest.mark.parametrize(
    ("module", "completing", "code"),
    [
        ("click", False, -signal.SIGINT),
        ("wasmrewrite.cli.failure", False, -signal.SIGINT),
        ("wasmrewrite.cli.verbs", False, -signal.SIGINT),
        ("wasmrewrite.cli.info", False, 130),
        ("click", True, -signal.SIGINT),
        ("wasmrewrite.cli.verbs", True, -signal.SIGINT),
    ],
)
def test_nothing_is_said(module: str, completing: bool, code: int) -> None:
    asked = {"_WASMREWRITE_COMPLETE": "bash_complete", "COMP_WORDS": "wasmrewrite ", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", f"WHERE = {module!r}\n{SLOW}"],
        env={**os.environ, **(asked if completing else {})},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, preexec_fn=heed_interrupts, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (code, b"")
