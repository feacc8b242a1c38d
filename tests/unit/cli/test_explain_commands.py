"""Every command that ``explain`` prints is run on every module of the corpus: it works, and what it mends is mended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.wat import assert_valid
from tests.unit.cli.conftest import CORPUS, Cli

BUILT = CORPUS / "built"
INVALID = "multiply.1.63-O3-mv.wasm"
ALL = sorted(path for path in BUILT.glob("*.wasm") if path.name != INVALID)


def remarks(cli: Cli, path: str) -> list[dict[str, Any]]:
    said = cli("explain", path, "--format", "json")
    assert (said.code, said.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(said.out)["remarks"]
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_command_does_what_it_says(cli: Cli, folder: Path, path: Path) -> None:
    shutil.copy(path, "in.wasm")
    found = remarks(cli, "in.wasm")
    for command in dict.fromkeys(tuple(each["command"]) for each in found if not each["mends"]):
        said = cli(*command[1:])
        assert (said.code, said.err) == (0, ""), command
        assert said.out
    for remark in (each for each in found if each["mends"]):
        Path("out.wasm").unlink(missing_ok=True)
        said = cli(*remark["command"][1:])
        assert (said.code, said.err) == (0, ""), remark["command"]
        assert_valid(Path("out.wasm").read_bytes())
        left = [each["what"] for each in remarks(cli, "out.wasm")]
        assert remark["what"] not in left


def test_what_is_wrong_with_an_invalid_module(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / INVALID, "in.wasm")
    [remark] = remarks(cli, "in.wasm")
    assert (remark["topic"], remark["weight"]) == ("validity", "error")
    assert "'product'" in remark["evidence"][0]
    said = cli(*remark["command"][1:])
    assert (said.code, said.err) == (0, "")
    assert "0 product" in said.text
