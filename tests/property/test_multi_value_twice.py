"""``multi-value`` more than once, in one pipeline or in several runs: what is claimed is true, or it is refused."""

from __future__ import annotations

from itertools import product

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.contract import Added, Declaration, Interface, ReturnsByValue, parse_type
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Body, Func, Module
from wasmrewrite.model.edit import set_export
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, Result, parse_interface

PAIR = wat("""(module (memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 4096))
  (func $pair (export "pair") (export "twin") (param i32 i64)
    local.get 0 local.get 1 i64.store  local.get 0 local.get 1 i64.const 3 i64.mul i64.store offset=8)
  (func (export "use") (param i64) (result i64) (local i32)
    global.get 0 i32.const 16 i32.sub local.tee 1 global.set 0
    local.get 1 local.get 0 call $pair
    local.get 1 i64.load  local.get 1 i64.load offset=8  i64.sub
    local.get 1 i32.const 16 i32.add global.set 0))""")
RESULT = parse_type("(i64, i64)")
DECLARED = Interface(exports=tuple(Declaration(name, result=RESULT) for name in ("pair", "twin")))
FORMS = ("hide", "suffix", "keep")


def judged(before: bytes, result: Result) -> None:
    """The output is valid elsewhere too, and all that is claimed of it is true."""
    assert_valid(result.data)
    verdict = verify(before, result.data, result.contract, calls=60)
    assert isinstance(verdict, Same), verdict.text()


def passes(forms: tuple[str, ...], suffixes: tuple[str, ...]) -> list[MultiValue]:
    return [
        MultiValue(original_export=form, suffix=suffix)  # type: ignore[arg-type]
        for form, suffix in zip(forms, suffixes, strict=True)
    ]


def attempted(chosen: list[MultiValue], data: bytes) -> bytes | None:
    """The output, judged; None if it is refused because a name is taken."""
    try:
        result = Pipeline(chosen, DECLARED).run(Module.from_bytes(data))
    except RewriteError as error:
        if "there is an export" not in str(error):
            raise
        return None
    judged(data, result)
    return result.data


@pytest.mark.parametrize("suffixes", [("_v", "_v", "_v"), ("_v", "_w", "_x")], ids=["one suffix", "suffixes"])
@pytest.mark.parametrize("forms", [*product(FORMS, FORMS), *product(FORMS, FORMS, FORMS)], ids="-".join)
def test_in_one_pipeline_and_one_after_the_other(forms: tuple[str, ...], suffixes: tuple[str, ...]) -> None:
    chosen = passes(forms, suffixes[: len(forms)])
    together = attempted(chosen, PAIR)
    # Only a name that is taken is refused, and that needs two equal suffixes.
    assert together is not None or suffixes[0] == suffixes[1]
    data: bytes | None = PAIR
    for each in chosen:
        data = None if data is None else attempted([each], data)


def test_several_names_by_value_are_several_claims() -> None:
    result = Pipeline(passes(("keep", "hide"), ("_v", "_v")), DECLARED).run(Module.from_bytes(PAIR))
    claims = [claim for claim in result.contract.claims if isinstance(claim, ReturnsByValue)]
    assert [(claim.name, claim.new_name) for claim in claims] == [
        ("pair", "pair_v"), ("twin", "twin_v"), ("pair", None), ("twin", None),
    ]  # fmt: skip


def test_what_an_earlier_pass_exported_is_rewritten_as_what_it_is() -> None:
    """The original under its second name returns by value in the end, too."""
    once = MultiValue(export=("pair=(i64, i64)",), original_export="suffix", suffix="_raw")
    again = MultiValue(export=("pair_raw=(i64, i64)",), original_export="keep", suffix="_v")
    result = Pipeline([once, again]).run(Module.from_bytes(PAIR))
    judged(PAIR, result)
    claims = [claim for claim in result.contract.claims if isinstance(claim, ReturnsByValue | Added)]
    assert claims == [
        ReturnsByValue("export", "pair", RESULT),
        ReturnsByValue("export", "pair", RESULT, new_name="pair_raw_v"),
        Added("export", "pair_raw", same_as="pair"),
    ]


@pytest.mark.parametrize("name", ["pair", "pair_v"])
def test_each_of_the_names_is_held_to_its_claim(name: str) -> None:
    """One wrapper of two is wrong: the other does not make up for it."""
    result = Pipeline(passes(("keep", "hide"), ("_v", "_v")), DECLARED).run(Module.from_bytes(PAIR))
    module = Module.from_bytes(result.data)
    export = module.export(name)
    assert export is not None
    assert isinstance(export.item, Func)
    body = export.item.origin
    assert isinstance(body, Body)
    at = [where for each, where in zip(body.expr, body.expr.offsets, strict=True) if each.op.name == "i64.load"][1]
    data = bytearray(result.data)
    assert data[at + 2] == 8
    data[at + 2] = 0
    assert isinstance(verify(PAIR, bytes(data), result.contract, calls=60), Different)


def test_a_kept_name_may_not_come_to_mean_another_type() -> None:
    """The claim is about the new name; the old one is still the old function."""
    result = Pipeline(passes(("keep",), ("_v",)), DECLARED).run(Module.from_bytes(PAIR))
    module = Module.from_bytes(result.data)
    kept, made = module.export("pair"), module.export("pair_v")
    assert kept is not None
    assert made is not None
    set_export(module, kept, item=made.item)
    verdict = verify(PAIR, module.to_bytes(), result.contract, calls=60)
    assert isinstance(verdict, Different)
    assert "export 'pair' names another function" in str(verdict.difference)


@pytest.mark.parametrize("forms", list(product(FORMS, FORMS)), ids="-".join)
def test_real_modules(forms: tuple[str, ...]) -> None:
    data = (ROOT / "corpus/built/two_i64s.1.96-O3.wasm").read_bytes()
    interface = parse_interface((ROOT / "corpus/interfaces/two_i64s.toml").read_text("utf-8"), "two_i64s.toml")
    judged(data, Pipeline(passes(forms, ("_v", "_w")), interface).run(Module.from_bytes(data)))
