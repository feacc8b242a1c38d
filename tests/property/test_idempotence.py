"""A pass on its own output changes nothing, byte for byte, whatever its options; but a rename that matches again.

Options are what campaigns draw for a pass, so that a new pass and a new option are tried without a change here.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Contract, Interface
from wasmrewrite.errors import RewriteError
from wasmrewrite.fuzz import RandomChoices, subject
from wasmrewrite.fuzz.case import interface_text
from wasmrewrite.fuzz.modules import Subject
from wasmrewrite.fuzz.recipes import RECIPES
from wasmrewrite.model import Import, Module
from wasmrewrite.rewrite import ModulePass, Pipeline, Promise, Result, parse_interface, registry
from wasmrewrite.rewrite.config import PassEntry, build_passes

PASSES = tuple(registry.names(plugins=False))
CORPUS = ROOT / "corpus"
ENTRIES = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
GENERATED = 150
"""Modules and options for each pass."""
FROM_COMMAND_LINE = 12
WITHOUT_PROMISE = {"rename-imports"}


def run(passes: list[ModulePass], data: bytes, interface: Interface) -> Result:
    """The outcome of passes."""
    return Pipeline(passes, interface).run(Module.from_bytes(data))


def goes_on(settings: dict[str, Any], data: bytes) -> bool:
    """True if a rule of ``rename-imports`` matches a name that the first run made."""
    origins = [each.origin for each in Module.from_bytes(data).imports if isinstance(each.origin, Import)]
    words = {"module": [each.module for each in origins], "name": [each.name for each in origins]}
    rules = [(kind, rule.partition("=")[0]) for kind in words for rule in settings.get(kind, ())]
    return any(fnmatchcase(word, old) for kind, old in rules for word in words[kind])


def by_value(entry: dict[str, Any]) -> Interface:
    """What is declared of a module of the corpus and has a result."""
    if "interface" not in entry:
        return Interface()
    declared = parse_interface((CORPUS / entry["interface"]).read_text("utf-8"))
    return Interface(
        tuple(each for each in declared.exports if each.result is not None),
        tuple(each for each in declared.imports if each.result is not None),
    )


def attempts(name: str) -> Iterator[tuple[dict[str, Any], Subject]]:
    """Options and modules for a pass: generated ones, and those of the corpus."""
    for number in range(GENERATED):
        choices = RandomChoices(f"idempotence/{name}/{number}")
        made = subject(choices)
        settings = RECIPES[name](choices, Module.from_bytes(made.data), made)
        if settings is not None:
            yield settings, made
    for number, entry in enumerate(ENTRIES):
        made = Subject((CORPUS / entry["file"]).read_bytes(), by_value(entry))
        for turn in range(3):
            choices = RandomChoices(f"idempotence/{name}/{number}/{turn}")
            settings = RECIPES[name](choices, Module.from_bytes(made.data), made)
            if settings is not None:
                yield settings, made


@pytest.mark.parametrize("name", PASSES)
def test_a_second_run_changes_nothing(name: str) -> None:
    seen = Counter[str]()
    for settings, made in attempts(name):
        passes = build_passes([PassEntry(name, settings)])
        try:
            once = run(passes, made.data, made.interface)
        except RewriteError:
            seen["refused"] += 1
            continue
        if name == "rename-imports" and goes_on(settings, once.data):
            seen["goes on"] += 1
            continue
        again = run(passes, once.data, made.interface)
        assert (again.changed, again.data, again.contract) == (False, once.data, Contract()), settings
        seen["changed" if once.changed else "unchanged"] += 1
    assert seen["changed"] >= 50, seen


def test_only_renaming_promises_nothing() -> None:
    promising = {name for name in PASSES if Promise.IDEMPOTENT in registry.find(name).promises}
    assert promising == set(PASSES) - WITHOUT_PROMISE


def command_line(name: str, settings: dict[str, Any], path: Path) -> list[str]:
    """How to ask for a pass with these options."""
    words = ["rewrite", str(path), "--declarations", str(path.parent / "interface.toml"), "--pass", name]
    for option, value in settings.items():
        for each in value if isinstance(value, list) else [value]:
            words += ["--set", f"{name}.{option}={json.dumps(each) if isinstance(each, bool) else each}"]
    return words


@pytest.mark.parametrize("name", PASSES)
def test_check_says_so(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same from the command line: after a run ``--check`` exits 0, and a run in place leaves the file alone."""
    done = 0
    path = tmp_path / "a.wasm"
    for settings, made in attempts(name):
        (tmp_path / "interface.toml").write_text(interface_text(made.interface))
        path.write_bytes(made.data)
        words = command_line(name, settings, path)
        if call([*words, "-o", str(path)]) != 0 or path.read_bytes() == made.data:
            continue
        once = path.read_bytes()
        if name == "rename-imports" and goes_on(settings, once):
            continue
        assert call([*words, "--check"]) == 0, words
        assert call([*words, "-o", str(path)]) == 0
        assert path.read_bytes() == once
        done += 1
        if done == FROM_COMMAND_LINE:
            break
    capsys.readouterr()
    assert done == FROM_COMMAND_LINE
