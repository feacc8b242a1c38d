"""Renumbering once wrote sections that the module had not, with nothing in them."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.codec import frame
from wasmrewrite.isa.types import FuncType, TypeDef
from wasmrewrite.model import Func, Import, Module


def test_renumbering_adds_no_empty_sections() -> None:
    data = wat('(module (func $f) (func (export "g") call $f))')
    module = Module.from_bytes(data)
    typedef = TypeDef(FuncType())
    imported = Func(typedef, Import("a", "b"))
    module.types.append(typedef)
    module.imports.insert(0, imported)
    module.funcs.insert(0, imported)
    before = {section.id for section in frame(data)}
    assert {section.id for section in frame(module.to_bytes())} == before | {2}
