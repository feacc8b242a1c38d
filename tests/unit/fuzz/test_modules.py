from __future__ import annotations

import pytest

from wasmrewrite.codec import frame
from wasmrewrite.contract import Interface
from wasmrewrite.fuzz import ByteChoices, RandomChoices, ReplayedChoices, Shape, subject
from wasmrewrite.fuzz.case import interface_text
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body, Module
from wasmrewrite.rewrite import parse_interface


@pytest.mark.parametrize("tame", [True, False])
def test_modules_are_valid(tame: bool) -> None:
    for seed in range(40):
        Module.from_bytes(subject(RandomChoices(seed), Shape(tame=tame)).data, check="validate")


def test_bytes_make_modules_too() -> None:
    Module.from_bytes(subject(ByteChoices(bytes(range(256)) * 4)).data, check="validate")


def test_the_same_choices_make_the_same_module() -> None:
    choices = RandomChoices(3)
    made = subject(choices)
    assert subject(ReplayedChoices(choices.trace)) == made


def test_the_plainest_module_has_one_empty_function() -> None:
    module = Module.from_bytes(subject(ReplayedChoices([])).data)
    assert len(module.funcs) == 1
    assert isinstance(module.funcs[0].origin, Body)
    assert len(module.funcs[0].origin.expr) == 0


def test_everything_that_is_promised_occurs() -> None:
    """Several memories and tables, all kinds of segments, indirect calls, blocks with parameters, and so on."""
    ops, sections, memories, tables, results = set(), set(), 0, 0, 0
    for seed in range(150):
        data = subject(RandomChoices(seed)).data
        module = Module.from_bytes(data)
        sections |= {section.id for section in frame(data)}
        memories, tables = max(memories, len(module.memories)), max(tables, len(module.tables))
        for func in module.funcs:
            if isinstance(func.origin, Body):
                assert func.origin.expr.span is not None
                code = decode(data, *func.origin.expr.span)
                ops |= {op.name for _, op, _ in code}
                results += sum(op.name == "block" and isinstance(args[0], int) for _, op, args in code)
    assert sections == set(range(13))
    assert (memories, tables) == (2, 2)
    assert results > 10
    assert ops >= {
        "call", "call_indirect", "br", "br_if", "br_table", "loop", "if", "else", "select", "select t", "ref.func",
        "ref.null", "memory.init", "memory.copy", "memory.fill", "memory.grow", "memory.size", "table.get",
        "table.set", "table.fill", "table.init", "table.size", "global.set", "local.tee", "i64.store", "f32.load",
    }  # fmt: skip


def test_interfaces_survive_their_text() -> None:
    interfaces = [subject(RandomChoices(seed)).interface for seed in range(60)]
    assert sum(each != Interface() for each in interfaces) > 10
    for each in interfaces:
        assert parse_interface(interface_text(each)) == each
