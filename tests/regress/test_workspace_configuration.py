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


def loaded(files: dict[str, str], folder: str = "/work/member/src") -> Config:
    return load(Path(folder), lambda path: files.get(path.as_posix()))


@pytest.mark.parametrize(
    ("files", "interface"),
    [
        # a workspace without a package, members with and without a configuration of their own
        ({"/work/Cargo.toml": cargo(workspace="w", is_package=False)}, "/work/w"),
        ({"/work/Cargo.toml": cargo(workspace="w", is_package=False), "/work/member/Cargo.toml": cargo()}, "/work/w"),
        ({"/work/Cargo.toml": cargo(workspace="w"), "/work/member/Cargo.toml": cargo("m")}, "/work/member/m"),
        # a root that is a package too: its package's part is its own affair
        ({"/work/Cargo.toml": cargo("r", "w"), "/work/member/Cargo.toml": cargo()}, "/work/w"),
        ({"/work/Cargo.toml": cargo("r", "w")}, "/work/r"),
        ({"/work/Cargo.toml": cargo("r"), "/work/member/Cargo.toml": cargo()}, None),
        ({"/work/Cargo.toml": cargo("r"), "/work/member/Cargo.toml": cargo(), "/Cargo.toml": cargo("o", "w")}, "/w"),
        # a virtual manifest between is no package
        ({"/work/Cargo.toml": cargo("r"), "/work/member/Cargo.toml": cargo(is_package=False)}, "/work/r"),
        # other files go first in their folder
        ({"/work/Cargo.toml": cargo(workspace="w"), "/work/wasmrewrite.toml": 'interface = "i"'}, "/work/i"),
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
            loaded({"/work/Cargo.toml": f"[{table}.metadata]\nwasmrewrite = 3"})
    with pytest.raises(ConfigError, match=r"Cargo\.toml: unknown key 'interfac'"):
        loaded({"/work/Cargo.toml": "[workspace.metadata.wasmrewrite]\ninterfac = 3"})
