"""A NUL in the name of a file that a configuration names was called an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli, cli, folder  # noqa: F401 - fixtures


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("lint", "in.wasm"), '[lint]\nagainst = ["\\u0000"]\n'),
        (("rewrite", "in.wasm", "-o", "out.wasm"), 'interface = "a\\u0000b"\n[[pass]]\nname = "strip-custom"\n'),
    ],
)
def test_it_is_refused(cli: Cli, folder: Path, arguments: tuple[str, ...], text: str) -> None:  # noqa: F811
    (folder / "c.toml").write_text(text)
    said = cli(*arguments, "--config", "c.toml")
    assert said.code == 2, said.err
    assert "is no file name: it holds a NUL" in said.err
    assert "\0" not in said.err
