"""The page about layouts from debug information, typed as it stands: what it says comes out."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from tests.unit.cli.conftest import CORPUS, Cli

PAGE = (ROOT / "docs" / "how-to-layouts.md").read_text("utf-8")
BUILT = CORPUS / "built"
APP = "returns.1.96-O3-g.wasm"
"""What the page calls ``app.wasm``."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[list[str], str]]:
    """Command lines of a console session, and what follows each."""
    found = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [(shlex.split(line.replace("\\\n", " ")), output) for line, output in found]


def test_build_rewrite_strip_verify(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / APP, "app.wasm")
    [cargo, *typed] = commands(blocks("")[0])
    assert cargo[0][:2] == ["cargo", "build"]
    assert "profile.release.debug=2" in cargo[0]
    assert [words[1] for words, _ in typed] == ["rewrite", "verify"]
    for (program, *words), output in typed:
        assert program == "wasmrewrite"
        said = cli(*words)
        assert (said.code, said.err) == (0, "")
        assert said.text.startswith(output)
    assert b".debug_" not in (folder / "small.wasm").read_bytes()


def test_the_module_of_the_page_was_built_in_that_way() -> None:
    modules = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    [flags] = [each["flags"] for each in modules if each["file"] == f"built/{APP}"]
    assert {"-Copt-level=3", "-Cdebuginfo=2"} <= set(flags)


def test_draft_and_rewrite_by_it(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / APP, "app.wasm")
    [(draft, _)] = commands(blocks("")[1])
    assert cli(*draft[1:]).code == 0
    said = re.search(r"`wasmrewrite (rewrite [^`]*--declarations[^`]*)`", PAGE)
    assert said is not None
    assert cli(*shlex.split(said[1])).code == 0


@pytest.mark.parametrize(("number", "file"), [(0, APP), (1, "imports.1.96-O3.wasm")])
def test_examples_of_drafts_are_real(cli: Cli, number: int, file: str) -> None:
    example = blocks("toml")[number].strip()
    assert f"\n\n{example}\n" in cli("info", str(BUILT / file), "--draft-declarations").text


@pytest.mark.parametrize(
    ("file", "export"),
    [
        ("merged.1.96-O3-g.wasm", "unsigned_pair"),
        ("returns.1.96-O3-g.wasm", "option_u32"),
        ("structs.clang14-O2-g.wasm", "make_bits"),
    ],
)
def test_reasons_for_refusals_are_on_the_page(cli: Cli, folder: Path, file: str, export: str) -> None:
    options = ["--pass", "multi-value", "--set", "multi-value.layouts=dwarf", "--set", f"multi-value.export={export}"]
    said = cli("rewrite", str(BUILT / file), "-o", "out.wasm", *options)
    assert said.code == 3
    reason = said.err.rpartition("returns: ")[2]
    words = {"its body is described as", "an enum with payload", "a bit-field"}
    [known] = [each for each in words if reason.startswith(each)]
    assert known.removeprefix("a ") in PAGE
