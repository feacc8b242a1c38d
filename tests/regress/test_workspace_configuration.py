"""A Cargo workspace had no place for a configuration: ``[workspace.metadata.wasmrewrite]`` was not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite.config import Config, load


def cargo(package: str | None = None, workspace: str | None = None, is_package: bool = True) -> str:
    """A manifest: what its package says, what its workspace says."""
    text = '[package]\nname = "x"\n' if is_package or package is not None else ""
    for table, interface in (("package", package), ("workspace", workspace)):
        if interface is not None:
            text += f'[{table}.metadata.wasmrewrite]\ninterface = "{interface}"\n'
    return text


def loaded(files: dict[str, str], folder: str = "/shop/member/src") -> Config:
    return load(Path(folder), lambda path: files.get(path.as_posix()))


@pytest.mark.parametrize(
    ("files", "interface"),
    [
        # a workspace without a package, members with and without a configuration of their own
        ({"/shop/Cargo.toml": cargo(workspace="w", is_package=False)}, "/shop/w"),
        ({"/shop/Cargo.toml": cargo(workspace="w", is_package=False), "/shop/member/Cargo.toml": cargo()}, "/shop/w"),
        ({"/shop/Cargo.toml": cargo(workspace="w"), "/shop/member/Cargo.toml": cargo("m")}, "/shop/member/m"),
        # a root that is a package too: its package's part is its own affair
        ({"/shop/Cargo.toml": cargo("r", "w"), "/shop/member/Cargo.toml": cargo()}, "/shop/w"),
        ({"/shop/Cargo.toml": cargo("r", "w")}, "/shop/r"),
        ({"/shop/Cargo.toml": cargo("r"), "/shop/member/Cargo.toml": cargo()}, None),
        ({"/shop/Cargo.toml": cargo("r"), "/shop/member/Cargo.toml": cargo(), "/Cargo.toml": cargo("o", "w")}, "/w"),
        # a virtual manifest between is no package
        ({"/shop/Cargo.toml": cargo("r"), "/shop/member/Cargo.toml": cargo(is_package=False)}, "/shop/r"),
        # other files go first in their folder
        ({"/shop/Cargo.toml": cargo(workspace="w"), "/shop/wasmrewrite.toml": 'interface = "i"'}, "/shop/i"),
    ],
)
def test_which_part_of_which_manifest_holds(files: dict[str, str], interface: str | None) -> None:
    assert loaded(files).interface == (None if interface is None else Path(interface))


def test_a_named_manifest_may_have_either_part() -> None:
    files = {"/a/Cargo.toml": cargo(workspace="w"), "/b/Cargo.toml": cargo("p", "w"), "/c/Cargo.toml": cargo()}
    found = [load(Path("/"), lambda path: files.get(path.as_posix()), Path(name)).interface for name in files]
    assert found == [Path("/a/w"), Path("/b/p"), None]


def test_what_is_wrong_is_named() -> None:
    for table in ("package", "workspace"):
        with pytest.raises(ConfigError, match=f"Cargo.toml: {table}.metadata.wasmrewrite has to be a table"):
            loaded({"/shop/Cargo.toml": f"[{table}.metadata]\nwasmrewrite = 3"})
    with pytest.raises(ConfigError, match=r"Cargo\.toml: unknown key 'interfac'"):
        loaded({"/shop/Cargo.toml": "[workspace.metadata.wasmrewrite]\ninterfac = 3"})
