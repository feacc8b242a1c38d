from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import function_sizes, prefix_sizes, section_sizes
from wasmrewrite.analysis.sizes import prefix_of
from wasmrewrite.model import Module

CORPUS = Path(__file__).resolve().parent.parent.parent.parent / "corpus" / "built"


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.wasm")), ids=lambda path: path.stem)
def test_sections_fill_the_file(path: Path) -> None:
    module = Module.from_file(path)
    sizes = section_sizes(module)
    assert 8 + sum(each.size for each in sizes) == path.stat().st_size
    assert sum(function_sizes(module)) == sum(each.size for each in prefix_sizes(module))
    code = sum(each.size for each in sizes if each.kind == "code")
    assert sum(function_sizes(module)) <= code


def test_functions() -> None:
    module = Module.from_bytes(wat('(module (import "m" "f" (func)) (func) (func (local i32) nop))'))
    assert function_sizes(module) == [0, 2, 5]


def test_prefixes() -> None:
    names = ("core::fmt::write", "_ZN4core3fmt5write17h0123456789abcdefE", "memcpy", "alloc::f")
    funcs = "".join(f'(func (@name "{name}"))' for name in names)
    found = prefix_sizes(Module.from_bytes(wat(f"(module {funcs} (func nop nop nop nop))")))
    assert [(each.prefix, each.functions, each.size) for each in found] == [
        (None, 2, 8),
        ("core", 2, 4),
        ("alloc", 1, 2),
    ]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("core::fmt::write", "core"),
        ("<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc"),
        ("<&mut dyn core::fmt::Write as core::fmt::Write>::f", "core"),
        ("std::vector<int>::push_back(int const&)", "std"),
        ("memcpy", None),
        ("", None),
    ],
)
def test_prefix_of(name: str, prefix: str | None) -> None:
    assert prefix_of(name) == prefix
