"""The row about the judge: how long ``verify`` lets one wait for the verdict on the demonstration's module."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from tools.bench.measure import Contestant, process
from tools.bench.peers import COMMAND, ROOT
from tools.bench.row import OURS, Contest, Row
from tools.demo import CRATE, REWRITE, VERIFY


def _demo(folder: Path) -> Contest:
    shutil.copy(ROOT / "corpus" / "built" / CRATE, folder / "before.wasm")
    shutil.copy(ROOT / "corpus" / "interfaces" / "two_i64s.toml", folder / "interface.toml")
    process([*COMMAND, *shlex.split(" ".join(REWRITE))], folder)
    command = [*COMMAND, "verify", "before.wasm", "after.wasm", *shlex.split(VERIFY)]
    return Contest([Contestant(OURS, lambda: process(command, folder))])


ROWS = (Row("verify", "the demonstration's module, rewritten: the verdict, on the clock", _demo, clock="wall"),)
