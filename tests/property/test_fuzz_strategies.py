"""Whatever the strategies give is valid, and what fails shrinks to next to nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.unit.fuzz.planted import OtherConstant
from wasmrewrite.equiv import replay
from wasmrewrite.fuzz import Case, Shape, Subject, check
from wasmrewrite.fuzz import strategies as fuzz
from wasmrewrite.fuzz.case import interface_text
from wasmrewrite.fuzz.vocabulary import SCALARS
from wasmrewrite.isa.types import FuncType
from wasmrewrite.model import Body, Module
from wasmrewrite.rewrite import parse_interface
from wasmrewrite.rewrite.config import build_passes

LONG = settings(
    max_examples=3000,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@FEW
@given(fuzz.modules() | fuzz.modules(Shape(tame=False)) | fuzz.functions())
def test_modules_are_valid(data: bytes) -> None:
    Module.from_bytes(data, check="validate")


@FEW
@given(fuzz.func_types(), fuzz.value_types(), fuzz.interfaces(), st.data())
def test_types_and_arguments_fit(type: FuncType, value: object, interface: object, data: st.DataObject) -> None:
    assert value in SCALARS
    assert set(type.params + type.results) <= set(SCALARS)
    assert len(data.draw(fuzz.arguments(type))) == len(type.params)
    assert parse_interface(interface_text(interface)) == interface  # type: ignore[arg-type]


@FEW
@given(fuzz.subjects(), st.data())
def test_pipelines_can_be_built(subject: Subject, data: st.DataObject) -> None:
    names = ("add-start", "multi-value", "rename-imports", "remove-start", "strip-custom")
    build_passes(data.draw(fuzz.pipelines(names, subject)))


@FEW
@given(fuzz.modules(Shape(by_pointer=False)), st.data())
def test_scripts_fit_their_modules(module: bytes, data: st.DataObject) -> None:
    assert replay(data.draw(fuzz.scripts(module)), module, module) is None


@pytest.mark.slow
def test_a_planted_wrong_constant_shrinks_to_a_few_instructions() -> None:
    def fails(data: bytes) -> bool:
        return check(Case(data), [OtherConstant()], calls=20).failed

    found = find(fuzz.modules(), fails, settings=LONG)
    bodies = [func.origin for func in Module.from_bytes(found).funcs if isinstance(func.origin, Body)]
    assert sum(len(body.expr) for body in bodies) < 10
