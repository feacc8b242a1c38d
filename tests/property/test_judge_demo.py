"""On a real compiler's module, rewritten by the real passes, one changed instruction turns the verdict to Different."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.helpers.wat import assert_valid
from wasmrewrite.contract import Contract, Interface
from wasmrewrite.equiv import Different, Same, replay, verify
from wasmrewrite.kernels.decode import RawInstr, decode
from wasmrewrite.model import Body, Module
from wasmrewrite.passes.add_start import AddStart
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, parse_interface

CORPUS = Path(__file__).parents[2] / "corpus"
WRAPPER = "get_two_i64s"
I64_LOAD, I64_LOAD32_U = 0x29, 0x35


@cache
def rewritten() -> tuple[bytes, bytes, Contract, Interface]:
    text = (CORPUS / "interfaces" / "two_i64s.toml").read_text("utf-8")
    interface = parse_interface(text, "two_i64s.toml")
    before = (CORPUS / "built" / "two_i64s.1.96-O3.wasm").read_bytes()
    result = Pipeline([MultiValue(), AddStart("init")], interface).run(Module.from_bytes(before))
    return before, result.data, result.contract, interface


def wrapper(data: bytes) -> list[RawInstr]:
    func = Module.from_bytes(data).find_func(WRAPPER)
    assert isinstance(func.origin, Body)
    assert func.origin.expr.span is not None
    return decode(data, *func.origin.expr.span)


def last(data: bytes, mnemonic: str) -> int:
    return [offset for offset, op, _ in wrapper(data) if op.name == mnemonic][-1]


def load_offset(data: bytes) -> bytes:
    at = last(data, "i64.load") + 2
    assert data[at] == 8
    return data[:at] + b"\0" + data[at + 1 :]


def load_opcode(data: bytes) -> bytes:
    at = last(data, "i64.load")
    assert data[at] == I64_LOAD
    return data[:at] + bytes([I64_LOAD32_U, 2]) + data[at + 2 :]


def callee(data: bytes) -> bytes:
    """Call the stand-in of the import, which is of the same type."""
    module = Module.from_bytes(data)
    at = last(data, "call") + 1
    other = module.funcs.index(module.find_func(f"{WRAPPER} by pointer"))
    return data[:at] + bytes([other]) + data[at + 1 :]


def test_the_demo_is_the_same() -> None:
    before, after, contract, interface = rewritten()
    verdict = verify(before, after, contract, interface=interface)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.coverage.required > 0
    assert verdict.evidence.calls >= 400


@pytest.mark.parametrize("change", [load_offset, load_opcode, callee])
def test_one_changed_instruction_differs(change: Callable[[bytes], bytes]) -> None:
    before, after, contract, interface = rewritten()
    wrong = change(after)
    assert_valid(wrong)
    verdict = verify(before, wrong, contract, interface=interface)
    assert isinstance(verdict, Different), verdict.text()
    assert verdict.script is not None
    assert replay(verdict.script, before, wrong) == verdict.difference
    assert replay(verdict.script, before, after) is None
