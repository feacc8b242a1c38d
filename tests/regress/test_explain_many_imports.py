"""``explain`` compared the names of all imports for each of them: 10,000 took two minutes."""

from __future__ import annotations

from tests.helpers.binary import custom, text, vector
from tests.helpers.wat import wat
from wasmrewrite.explain.remarks import Remarks
from wasmrewrite.model import Module

IMPORTS = 4000
DEEP = 300


def test_many_imports_far_away() -> None:
    imports = "".join(f'(import "env" "x{at}" (func))' for at in range(IMPORTS))
    chain = "".join(f"(func call {IMPORTS + at + 1})" for at in range(DEEP))
    calls = " ".join(f"call {at}" for at in range(IMPORTS))
    code = wat(f'(module {imports} {chain} (func {calls}) (export "run" (func {IMPORTS})))')
    rust = custom("producers", vector(text("language") + vector(text("Rust") + text(""))))
    found = Remarks(Module.from_bytes(code + rust), "in.wasm").all()
    assert len(found) == IMPORTS
    assert {each.command[:3] for each in found} == {("callgraph", "in.wasm", "--to")}
    assert found[0].evidence[0].startswith('called by export "run" → ')
    assert found[-1].evidence == ()  # the ways before it had too many calls already
