"""The quick way, the plain way and the rules alone come to the same verdict, and to the same table."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.errors import InvalidError, WasmError
from wasmrewrite.isa.types import RefType, ValType
from wasmrewrite.model import Body, Module
from wasmrewrite.validate import check_func, validate_func
from wasmrewrite.validate import context as context_of_module
from wasmrewrite.validate.body import fast, plain
from wasmrewrite.validate.body.context import ModuleContext
from wasmrewrite.validate.body.steps import BY_RULES_ONLY

REAL = sorted((ROOT / "corpus" / "built").glob("*.wasm"))


def all_bodies(path: Any) -> tuple[Module, ModuleContext, list[int]]:
    """A module, its context, and the indices of the functions that have bodies."""
    module = Module.from_file(path)
    return (
        module,
        context_of_module(module),
        [at for at, func in enumerate(module.funcs) if isinstance(func.origin, Body)],
    )


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_plain_way_says_what_the_rules_say(path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it does itself must be what the rules alone would do: on compilers' code, table for table."""
    module, context, defined = all_bodies(path)
    quickly = [outcome(module, context, index) for index in defined]
    for name in ("OF_ROW", "UNREACHABLE"):
        monkeypatch.setattr(plain, name, BY_RULES_ONLY)
    assert [outcome(module, context, index) for index in defined] == quickly


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_quick_way_accepts_what_is_valid(path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Falling back to the plain way is right, too, but slow: so nothing that compilers write may need it."""
    module, context, defined = all_bodies(path)
    check = plain.check

    def watched(*args: Any) -> None:
        check(*args)
        pytest.fail("the quick way refused a valid body")

    monkeypatch.setattr(plain, "check", watched)
    for index in defined:
        func = module.funcs[index]
        assert isinstance(func.origin, Body)
        if not any(map(without_default, func.origin.locals)):
            with suppress(InvalidError):
                check_func(module, context, index)


@pytest.mark.parametrize("path", [each for each in REAL if 8 < each.stat().st_size < 5000], ids=lambda path: path.name)
def test_the_quick_way_accepts_nothing_else(path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On bytes changed at random, both ways come to the same verdict."""
    data = path.read_bytes()
    random = Random(path.name)
    for _ in range(60):
        copy = bytearray(data)
        copy[random.randrange(8, len(copy))] = random.choice((0x0B, 0x0C, 0x20, 0x41, 0x6A, random.randrange(0x100)))
        accepted = verdict(bytes(copy))
        with monkeypatch.context() as patched:
            patched.setattr(fast, "accepts", lambda *_: False)
            assert verdict(bytes(copy)) == accepted, copy.hex()


def verdict(data: bytes) -> object:
    """What is said against a module, None if nothing is."""
    try:
        Module.from_bytes(data, check="validate")
    except WasmError as error:
        return error.message, error.position
    return None


def without_default(run: tuple[int, ValType]) -> bool:
    """Whether locals have no default value: those go the plain way."""
    return isinstance(run[1], RefType) and not run[1].nullable


def outcome(module: Module, context: ModuleContext, index: int) -> object:
    """The side table, or what was said against the body."""
    try:
        return validate_func(module, context, index)
    except InvalidError as error:
        return error.message, error.position
