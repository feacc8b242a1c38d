"""The row about starting: what the command line costs before it does anything."""

from __future__ import annotations

from pathlib import Path

from tools.bench.measure import Contestant, Target, process, show_share
from tools.bench.peers import COMMAND, PYTHON
from tools.bench.row import OURS, Contest, Row

CLICK = "import click"
TIMES = 3


def _help(_folder: Path) -> Contest:
    ours = Contestant(OURS, lambda: process((*COMMAND, "--help")))
    click = Contestant(CLICK, lambda: process((PYTHON, "-c", CLICK)))
    target = Target(
        f"at most {show_share(TIMES)} times '{CLICK}'", lambda by_name: by_name[OURS].cpu <= TIMES * by_name[CLICK].cpu
    )
    return Contest([ours, click], targets=[target])


ROWS = (Row("startup", "wasmrewrite --help; python -c 'import click'", _help),)
