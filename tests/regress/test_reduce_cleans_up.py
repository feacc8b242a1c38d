"""``reduce --test``: output was collected in memory, grandchildren outlived a timeout, SIGTERM left the folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.processes import gone
from tests.helpers.wat import wat

MODULE = wat('(module (func (export "f")) (func (export "g") (drop (i32.const 1))))')
PYTHON = sys.executable


def heed_signals() -> None:
    """In a child: what shells start in the background ignores interrupts, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, number: signal.Signals, code: int) -> None:
    (tmp_path / "in.wasm").write_bytes(MODULE)
    folder = tmp_path / "temporary"
    folder.mkdir()
    script = tmp_path / "test.sh"
    script.write_text(f"sleep 1000 &\necho $! > {tmp_path}/child.new\nmv {tmp_path}/child.new {tmp_path}/child\nwait\n")
    words = [PYTHON, "-m", "wasmrewrite", "reduce", str(tmp_path / "in.wasm"), "-o", str(tmp_path / "out.wasm")]
    process = subprocess.Popen(
        [*words, "--test", f"sh {script}"],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_signals,
    )
    while not (tmp_path / "child").exists():
        time.sleep(0.02)
    assert len(list(folder.iterdir())) == 1
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (code, b"", b"")
    assert list(folder.iterdir()) == []
    assert gone(int((tmp_path / "child").read_text()))
    assert not (tmp_path / "out.wasm").exists()
