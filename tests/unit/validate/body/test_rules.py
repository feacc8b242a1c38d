"""The rules of validation and the instruction table cover each other."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import InvalidError
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.signature import CUSTOM
from wasmrewrite.isa.table import ROWS
from wasmrewrite.validate.body.checker import Checker
from wasmrewrite.validate.body.context import ModuleContext
from wasmrewrite.validate.body.rules import RULES

WITH_CHECKS_BESIDES = {"local.get", "local.set", "local.tee", "global.set", "memory.init", "table.init", "table.copy"}
"""Instructions that have a signature in the table and a rule all the same."""


def test_every_custom_row_has_a_rule() -> None:
    assert {row.name for row in ROWS if row.signature is CUSTOM} == {op.name for op in RULES} - WITH_CHECKS_BESIDES


@pytest.mark.parametrize("name", sorted(WITH_CHECKS_BESIDES))
def test_other_rules_are_of_rows_with_a_signature(name: str) -> None:
    assert [row.signature is CUSTOM for row in ROWS if row.name == name] == [False]
    assert name in {op.name for op in RULES}


@pytest.mark.parametrize("op", [row for row in ROWS if row.signature is CUSTOM][:3], ids=str)
def test_what_has_no_rule_is_refused(op: Op) -> None:
    checker = Checker(ModuleContext(), {}, [], [])
    with pytest.raises(InvalidError) as caught:
        checker.step(op, ())
    assert caught.value.message == f"unsupported: {op.name} ({op.feature})"
