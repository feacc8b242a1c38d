from __future__ import annotations

import pytest

from tests.helpers.binary import custom, text
from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.analysis import makers, rust_evidence
from wasmrewrite.model import Module

BUILT = ROOT / "corpus" / "built"
COMMIT = "0123456789abcdef" * 2 + "01234567"


def found(source: str, more: bytes = b"") -> list[tuple[str, str]]:
    return [(each.name, each.evidence) for each in makers(Module.from_bytes(wat(source) + more))]


@pytest.mark.parametrize(
    ("source", "maker", "evidence"),
    [
        ('(import "env" "napi_typeof" (func))', "Node-API", "import 'env.napi_typeof'"),
        ('(import "env" "_emnapi_unwind" (func))', "emnapi", "import 'env._emnapi_unwind'"),
        ('(import "./a_bg.js" "__wbg_x_0" (func))', "wasm-bindgen", "import './a_bg.js.__wbg_x_0'"),
        ('(import "env" "emscripten_get_now" (func))', "Emscripten", "import 'env.emscripten_get_now'"),
        ('(import "a" "a" (func)) (import "a" "b" (func))', "Emscripten", "all imports are minified, such as 'a.a'"),
        ('(import "gojs" "runtime.wasmExit" (func))', "Go", "import 'gojs.runtime.wasmExit'"),
        ('(func (export "cabi_realloc"))', "component tooling", "export 'cabi_realloc'"),
        ('(func (export "__data_end"))', "wasm-ld", "export '__data_end'"),
    ],
)
def test_signs(source: str, maker: str, evidence: str) -> None:
    assert found(f"(module {source})") == [(maker, evidence)]


@pytest.mark.parametrize(
    "source",
    ['(import "a" "abc" (func))', '(import "env" "f" (func))', '(memory 1) (data (i32.const 0) "/rustc/")', ""],
)
def test_no_signs(source: str) -> None:
    assert found(f"(module {source})") == []


def test_rust_leaves_paths_in_data() -> None:
    path = f"/rustc/{COMMIT}/library/core/src/str/mod.rs"
    assert found(f'(module (memory 1) (data (i32.const 0) "called on None{path}"))') == [
        ("Rust", f"the path {path} in its data")
    ]
    crate = "/registry/src/mirror.example-0123456789abcdef/napi-3.1.0/src/env.rs"
    assert found(f'(module (memory 1) (data (i32.const 0) "/cargo{crate}"))') == [
        ("Rust", f"the path {crate} in its data")
    ]


def test_rust_mangles_names() -> None:
    module = Module.from_bytes((BUILT / "imports.1.63-O0.wasm").read_bytes())
    evidence = rust_evidence(module)
    assert evidence is not None
    assert evidence.startswith("the function name _ZN")


def test_the_linker_alone_is_told_of_only_if_nothing_else_is() -> None:
    both = '(module (import "env" "napi_typeof" (func)) (func (export "__heap_base")))'
    assert [name for name, _ in found(both)] == ["Node-API"]
    assert found("(module)", custom("dylink.0", text(""))) == [("wasm-ld, as a dynamic library", "section 'dylink.0'")]
