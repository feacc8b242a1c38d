"""``rewrite`` ended well, wrote the input again, and said nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import ConfigError
from wasmrewrite.model import Module
from wasmrewrite.passes.rename_imports import RenameImports
from wasmrewrite.rewrite import Pipeline

BINARY = wat('(module (import "env" "log" (func)))')


def rewrite(folder: Path, *words: str) -> int:
    (folder / "a.wasm").write_bytes(BINARY)
    return call(["rewrite", str(folder / "a.wasm"), "-o", str(folder / "b.wasm"), *words])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--pass", "remove-start"), "remove-start: the module has no start function\n"),
        (
            ("--pass", "strip-custom", "--set", "strip-custom.pattern=nosuch"),
            "strip-custom: no custom section matches 'nosuch'\n",
        ),
        (("--pass", "rename-imports", "--set", "rename-imports.module=env=env"), ""),
    ],
)
def test_that_nothing_changed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    assert rewrite(tmp_path, *words) == 0
    assert capsys.readouterr() == ("", f"{why}nothing changed\n")
    assert (tmp_path / "b.wasm").read_bytes() == BINARY


def test_a_check_that_finds_nothing_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wasm").write_bytes(BINARY)
    assert call(["rewrite", str(tmp_path / "a.wasm"), "--check", "--pass", "remove-start"]) == 0
    assert capsys.readouterr() == ("", "")


def test_no_rule_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rewrite(tmp_path, "--pass", "rename-imports") == 2
    assert "use rename-imports.module=OLD=NEW or rename-imports.name=OLD=NEW" in capsys.readouterr().err
    assert not (tmp_path / "b.wasm").exists()
    with pytest.raises(ConfigError):
        Pipeline([RenameImports(match_module=("env",))]).run(Module.from_bytes(BINARY))
