"""An import in front of everything moves every function index; wasmtime and the names say that all uses followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import ROOT, fetched_modules
from tests.helpers.wat import assert_valid
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.types import I64, FuncType, TypeDef
from wasmrewrite.kernels.scan import find_operands
from wasmrewrite.model import Body, Expr, Func, Import, Module
from wasmrewrite.model.edit import set_name

BUILT = sorted((ROOT / "corpus" / "built").glob("*.wasm"))
INVALID_BEFORE = {path.name for path in BUILT if path.name == "multiply.1.63-O3-mv.wasm"}
"""What wasmtime refuses as it came from the compiler."""


def shift(data: bytes) -> bytes:
    """Import a function in front of all others."""
    module = Module.from_bytes(data)
    typedef = TypeDef(FuncType((I64, I64), (I64,)))
    func = Func(typedef, Import("outside", "first"))
    set_name(func, "first")
    module.types.append(typedef)
    module.imports.insert(0, func)
    module.funcs.insert(0, func)
    for custom in list(module.customs):
        if custom.name == "linking" or custom.name.startswith("reloc."):
            module.customs.remove(custom)
    return module.to_bytes()


def uses(data: bytes) -> list[object]:
    """Every use of a function in code, segments, exports and initialisers, as index."""
    module = Module.from_bytes(data)
    position = {func: index for index, func in enumerate(module.funcs)}
    found: list[object] = []
    for func in module.funcs:
        if isinstance(func.origin, Body) and func.origin.expr.span:
            start, end = func.origin.expr.span
            found.extend(value for _, _, _, value, _ in find_operands(data, start, end, frozenset({Space.FUNC})))
    for elem in module.elems:
        found.extend(position[each] for each in elem.items if isinstance(each, Func))
        exprs = [each for each in elem.items if isinstance(each, Expr)]
        found.extend(position[arg] for expr in exprs for one in expr for arg in one.args if isinstance(arg, Func))
    found.extend(position[each.item] for each in module.exports if isinstance(each.item, Func))
    return found


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_every_use_of_a_function_follows(path: Path) -> None:
    data = path.read_bytes()
    out = shift(data)
    assert uses(out) == [use + 1 for use in uses(data) if isinstance(use, int)]
    before, after = Module.from_bytes(data), Module.from_bytes(out)
    assert [func.name for func in after.funcs] == (
        [after.funcs[0].name, *(func.name for func in before.funcs)]
    )
    if path.name not in INVALID_BEFORE:
        assert_valid(out)


@pytest.mark.slow
@pytest.mark.parametrize("path", fetched_modules(), ids=lambda path: path.name)
def test_every_use_follows_in_real_modules(path: Path) -> None:
    data = path.read_bytes()
    out = shift(data)
    assert uses(out) == [use + 1 for use in uses(data) if isinstance(use, int)]
    assert_valid(out)
