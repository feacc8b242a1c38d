"""Passes by name: built-in ones by file, others by entry point, and a helpful answer to a typing mistake."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite import ModulePass, registry

BUILT_IN = sorted(path.stem.replace("_", "-") for path in (ROOT / "passes").glob("[a-z]*.py"))


class Installed(ModulePass):
    """Stands for a pass of another package."""


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry points of a package that is not there."""
    entries = [
        EntryPoint("my-pass", f"{__name__}:Installed", registry.GROUP),
        EntryPoint("add-start", f"{__name__}:Installed", registry.GROUP),
        EntryPoint("twice", "a:A", registry.GROUP),
        EntryPoint("twice", "b:B", registry.GROUP),
        EntryPoint("broken", "no_such_module_here:Pass", registry.GROUP),
        EntryPoint("no-pass", "json:dumps", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "_installed", lambda: entries)
    monkeypatch.setitem(sys.modules, __name__, sys.modules[Installed.__module__])


def test_files_are_passes() -> None:
    assert registry.names(plugins=False) == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_file_holds_its_pass(name: str) -> None:
    assert registry.find(name).pass_name() == name


def test_a_pass_is_imported_alone() -> None:
    code = (
        "from wasmrewrite.rewrite import registry; registry.find('strip-custom'); import sys; "
        "print(*sorted(name for name in sys.modules if name.startswith('wasmrewrite.passes.')), "
        "'importlib.metadata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["wasmrewrite.passes.strip_custom", "False"]


@pytest.mark.usefixtures("installed")
def test_installed_passes_come_after_built_in_ones() -> None:
    assert registry.find("my-pass") is Installed
    assert registry.find("add-start") is not Installed
    assert registry.names() == [*BUILT_IN, "broken", "my-pass", "no-pass", "twice"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("add-strat", "unknown pass 'add-strat'; did you mean 'add-start'?"),
        ("twice", "pass 'twice' is installed 2 times: a:A, b:B"),
        (
            "broken",
            "pass 'broken' cannot be loaded from no_such_module_here:Pass: No module named 'no_such_module_here'",
        ),
        ("no-pass", "pass 'no-pass': json:dumps holds no pass of that name"),
    ],
)
def test_what_is_no_pass_is_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        registry.find(name)
    assert caught.value.message == message


@pytest.mark.usefixtures("installed")
def test_plugins_can_be_left_out() -> None:
    with pytest.raises(ConfigError, match="unknown pass 'my-pass'"):
        registry.find("my-pass", plugins=False)
