"""Every command of ``explain`` that shows more is run on every module of the corpus, and shows something.

Those that change a module are carried out in ``tests/property/test_suggestions.py``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.wat import wat
from tests.unit.cli.conftest import CORPUS, Cli

BUILT = CORPUS / "built"
INVALID = "multiply.1.63-O3-mv.wasm"
ALL = sorted(path for path in BUILT.glob("*.wasm") if path.name != INVALID)


def remarks(cli: Cli, path: str, what: str = "remarks") -> list[dict[str, Any]]:
    said = cli("explain", path, "--format", "json")
    assert (said.code, said.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(said.out)[what]
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_command_does_what_it_says(cli: Cli, folder: Path, path: Path) -> None:
    shutil.copy(path, "in.wasm")
    found = remarks(cli, "in.wasm") + remarks(cli, "in.wasm", "kinds")
    for command in dict.fromkeys(tuple(each["command"]) for each in found if not each["mends"]):
        said = cli(*command[1:])
        assert (said.code, said.err) == (int(command[1] == "lint"), ""), command  # lint: 1 for findings
        assert said.out


NAMES = ["a=b", "-x", "a b", "a=(i32)", "=", "", "ü", "x,y", "a[0]", "*", "$(id)", "'"]


@pytest.mark.parametrize("name", NAMES)
def test_commands_hold_any_name(cli: Cli, folder: Path, name: str) -> None:
    module = wat(
        f"""(module (import "m=" "-{name}" (func (param i32))) (import "-q" "{name}" (func)) (memory 1)
        (global $__stack_pointer (mut i32) (i32.const 65536)) (func (export "{name}") (param i32)
        local.get 0 i32.const 1 i32.store local.get 0 i32.const 1 i32.store offset=4
        global.get $__stack_pointer i32.const 16 i32.sub call 0 call 1))"""
    )
    (folder / "-n.wasm").write_bytes(module)
    said = cli("explain", "--format", "json", "--", "-n.wasm")
    commands = [each["command"] for each in json.loads(said.out)["remarks"]]
    assert [command[1] for command in commands] == ["callgraph", "callgraph", "rewrite"]
    assert [cli(*command[1:]).err for command in commands] == ["", "", ""]


def test_what_is_wrong_with_an_invalid_module(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / INVALID, "in.wasm")
    [remark] = remarks(cli, "in.wasm")
    assert (remark["topic"], remark["weight"]) == ("validity", "error")
    assert "'product'" in remark["evidence"][0]
    said = cli(*remark["command"][1:])
    assert (said.code, said.err) == (0, "")
    assert "0 product" in said.text
