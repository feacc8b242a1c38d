"""``reduce --test``: output was collected in memory, grandchildren outlived a timeout, SIGTERM left the folder."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.trial import agrees

MODULE = wat('(module (func (export "f")) (func (export "g") (drop (i32.const 1))))')
PYTHON = sys.executable


def is_running(process: int) -> bool:
    """Whether there is such a process, zombies aside."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(process: int) -> bool:
    """Whether it ends soon."""
    for _ in range(100):
        if not is_running(process):
            return True
        time.sleep(0.05)
    return False


def test_output_goes_nowhere() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert agrees([PYTHON, "-c", "import sys\nfor _ in range(300): sys.stdout.write('x' * (1 << 20))"], 60)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(("rest", "answer"), [("wait", False), ("exit 0", True), ("exit 1", False)])
def test_children_of_the_command_end_with_it(tmp_path: Path, rest: str, answer: bool) -> None:
    script = tmp_path / "test.sh"
    script.write_text(f"sleep 1000 & echo $! > {tmp_path}/child\n{rest}\n")
    assert agrees(["sh", str(script)], 1) is answer
    assert gone(int((tmp_path / "child").read_text()))


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        agrees(["/nowhere/at/all"], 1)


def heed_signals() -> None:
    """In a child: what shells start in the background ignores interrupts, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


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
