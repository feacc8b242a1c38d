from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from tests.helpers.processes import gone
from wasmrewrite.cli.trial import agrees

PYTHON = sys.executable


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
