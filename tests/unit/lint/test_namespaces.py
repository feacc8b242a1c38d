from __future__ import annotations

from random import Random

import pytest

from tests.helpers.wat import wat
from wasmrewrite.lint import Settings, lint
from wasmrewrite.lint.namespaces import KNOWN, _slips, near_miss, who_uses
from wasmrewrite.model import Module


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wasi_snapshot_preview_1", "wasi_snapshot_preview1"),
        ("wasi-snapshot-preview1", "wasi_snapshot_preview1"),
        ("wasi_snapshot_preview", "wasi_snapshot_preview1"),
        ("wasi_snaphot_preview1", "wasi_snapshot_preview1"),
        ("ENV", "env"),
        ("evn", "env"),
        ("env ", "env"),
        ("got.mem", "GOT.mem"),
        ("__wbindgen_placeholder", "__wbindgen_placeholder__"),
        ("gojss", "gojs"),
    ],
)
def test_slips_are_recognised(written: str, meant: str) -> None:
    assert who_uses(written) is None
    assert near_miss(written) == meant


@pytest.mark.parametrize("namespace", ["sensor.v2", "host", "my_app", "", "x", "plugin", "en", "\u202e", "a" * 100_000])
def test_other_names_are_no_slips(namespace: str) -> None:
    assert near_miss(namespace) is None


@pytest.mark.parametrize(
    "namespace",
    [
        "./app_bg.js",
        "/snippets/x.js",
        "node:fs",
        "wasi:cli/environment@0.2.3",
        "[export]wasi:cli/run@0.2.0",
        "@scope/pkg",
    ],
)
def test_families_are_known(namespace: str) -> None:
    assert who_uses(namespace) is not None


def test_known_namespaces_are_no_slips_of_each_other() -> None:
    assert all(who_uses(each) == KNOWN[each] for each in KNOWN)


def test_ours_come_first() -> None:
    assert near_miss("sensors", ("sensor",)) == "sensor"


def test_counting_slips_may_stop_early_and_says_the_same() -> None:
    random = Random(7)
    for _ in range(3000):
        one, other = ("".join(random.choices("ab_", k=random.randrange(7))) for _ in range(2))
        all_of_them = _slips(one, other, 100)
        for most in (1, 2, 3):
            assert min(_slips(one, other, most), most + 1) == min(all_of_them, most + 1)


def test_only_so_many_namespaces_are_compared() -> None:
    others = "".join(f'(import "sensor{at}.x" "f" (func))' for at in range(1000))
    slip = '(import "wasi_snapshot_preview_1" "f" (func))'

    def found(text: str) -> list[str]:
        return [each.name for each in lint(Module.from_bytes(wat(f"(module {text})")), Settings(select=("WR101",)))]

    assert found(slip + others) == ["wasi_snapshot_preview_1"]
    assert found(others + slip) == []
