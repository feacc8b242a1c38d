"""Another engine beside ours: it agrees, it stands in where ours does not know an instruction, or it says why not."""

from __future__ import annotations

import pytest

from tests.helpers.external import ROOT
from tests.helpers.rewrites import CONTRACT, DEMO
from tests.helpers.wat import wat
from wasmrewrite.contract import BehaviourChanged, Contract, ReturnsByValue, parse_type
from wasmrewrite.equiv import Different, Inconclusive, Same, Script, Verdict, replay, verify
from wasmrewrite.equiv.engines import cross_check as second
from wasmrewrite.equiv.engines.wasmtime_values import into, out_of, quiet
from wasmrewrite.errors import ConfigError
from wasmrewrite.isa.types import F32, F64, I32, I64
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, parse_interface


def asked(before: bytes, after: bytes, contract: Contract | None = None, **settings: object) -> Verdict:
    return verify(before, after, contract, calls=60, outside="wasmtime", **settings)  # type: ignore[arg-type]


# --- it agrees --------------------------------------------------------------------------------------------------------


def test_both_engines_agree_on_the_demo() -> None:
    verdict = asked(*DEMO.modules(), CONTRACT)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.outside is not None
    assert verdict.evidence.outside.agreed > 40
    assert verdict.evidence.outside.alone == 0
    assert "wasmtime did the same as our own engine in" in verdict.text()
    data = verdict.to_json()["execution"]["cross_check"]
    assert data["engine"] == "wasmtime"
    assert data["matching_calls"] == verdict.evidence.outside.agreed
    assert verify(*DEMO.modules(), CONTRACT, calls=20).to_json()["execution"]["cross_check"] is None


@pytest.mark.parametrize(
    "text",
    [
        '(func (export "f") (param f32) (result f32) local.get 0 local.get 0 f32.add)',
        '(func (export "f") (param f64 f64) (result i64) local.get 0 local.get 1 f64.div i64.trunc_f64_s)',
        '(func (export "f") (param f32) (result i32) local.get 0 i32.reinterpret_f32)',
        '(memory 1) (func (export "f") (param i32 f64) local.get 0 local.get 1 f64.const 0 f64.mul f64.store)',
        '(memory 1 3) (func (export "f") (param i32) (result i32) local.get 0 i32.const 3 i32.and memory.grow)',
        '(table 2 funcref) (func (export "f") (param i32) local.get 0 call_indirect)',
        '(memory i64 1) (func (export "f") (param i64) (result i64) local.get 0 i64.load)',
        """(import "a" "h" (func $h (param f32) (result f32)))
        (func (export "f") (param f32) (result f32) local.get 0 call $h)""",
        """(import "a" "m" (memory 1)) (import "a" "g" (global $g i64)) (import "a" "t" (table 1 funcref))
        (func (export "f") (result i64) global.get $g)""",
        '(global $g (mut f64) (f64.const 1)) (func (export "f") global.get $g f64.const 1.5 f64.mul global.set $g)',
        '(import "a" "h" (func $h)) (memory 1) (func $s call $h i32.const 0 i32.const 7 i32.store) (start $s)',
    ],
)
def test_engines_agree(text: str) -> None:
    data = wat(f"(module {text})")
    verdict = asked(data, data)
    assert isinstance(verdict, Same), verdict.text()


def test_rust_and_its_world() -> None:
    """A real program: its functions of WASI read and write wasmtime's memory."""
    data = (ROOT / "corpus" / "built" / "hello.1.96-wasip1-Os-stripped.wasm").read_bytes()
    verdict = asked(data, data)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.outside is not None
    assert verdict.evidence.outside.agreed > 0


def test_disagreement_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from wasmrewrite.equiv.engines import wasmtime_engine as outside

    real = out_of
    monkeypatch.setattr(outside, "out_of", lambda type, value: real(type, value) ^ (type is I64))
    verdict = asked(*DEMO.modules(), CONTRACT)
    assert isinstance(verdict, Inconclusive)
    assert "the engines do not agree about the output (ours before, wasmtime after)" in verdict.text()


# --- it stands in -----------------------------------------------------------------------------------------------------

VECTORS = """(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 32768))
  (func $f {export} (param i32 i64 i64)
    local.get 0 v128.const i64x2 1 2 local.get 1 i64x2.splat i64x2.add local.get 2 i64x2.splat i64x2.mul v128.store)
  {more})"""
WRAPPER = """(func (export "f") (param i64 i64) (result i64 i64) (local i32 i32)
    global.get 0 local.tee 2 i32.const 16 i32.sub local.tee 3 global.set 0
    local.get 3 i64.const 0 i64.store local.get 3 i64.const 0 i64.store offset=8
    local.get 3 local.get 0 local.get 1 call $f
    local.get 3 i64.load local.get 3 i64.load offset=8
    local.get 2 global.set 0)"""
BY_VALUE = Contract(claims=(ReturnsByValue("export", "f", parse_type("(i64, i64)")),))


def vectors(wrapper: str = WRAPPER) -> tuple[bytes, bytes]:
    return wat(VECTORS.format(export='(export "f")', more="")), wat(VECTORS.format(export="", more=wrapper))


def test_what_our_engine_does_not_know_is_compared_in_the_other() -> None:
    before, after = vectors()
    assert isinstance(verify(before, after, BY_VALUE, calls=60), Inconclusive)
    verdict = asked(before, after, BY_VALUE)
    assert isinstance(verdict, Same), verdict.text()
    assert "compared in wasmtime only" in verdict.text()
    assert "export 'f'" in verdict.text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("local.get 3 local.get 0 local.get 1 call", "local.get 3 local.get 1 local.get 0 call"),
        ("call $f\n    local.get 3 i64.load local", "call $f\n    local.get 3 i64.load offset=8 local"),
    ],
    ids=["arguments", "offset"],
)
def test_a_difference_in_the_other_engine_is_a_script_there(old: str, new: str) -> None:
    assert old in WRAPPER
    before, after = vectors(WRAPPER.replace(old, new))
    verdict = asked(before, after, BY_VALUE)
    assert isinstance(verdict, Different), verdict.text()
    assert verdict.difference.where.startswith("in wasmtime: call 0, export 'f'(")
    assert verdict.script is not None
    assert verdict.script.engine == "wasmtime"
    again = Script.loads(verdict.script.dumps())
    assert replay(again, before, after) == verdict.difference
    assert replay(again, before, vectors()[1]) is None


def test_what_is_changed_on_purpose_is_told_there() -> None:
    text = """(module (memory 1)
      (func $f (export "f") (param i32) (result i32) local.get 0 i32x4.splat v128.any_true {f})
      (func (export "g") (param i32) (result i32) local.get 0 call $f))"""
    before, after = wat(text.format(f="")), wat(text.format(f="i32.eqz"))
    assert isinstance(asked(before, after, Contract()), Different)
    excused = Contract(claims=(BehaviourChanged(0, "why not"),))
    verdict = asked(before, after, excused)
    # Both exports run into it, so nothing is left to compare.
    assert not isinstance(verdict, Different), verdict.text()
    assert "said to be changed on purpose, but no call showed" not in verdict.text()
    assert "said to be changed on purpose, but no call showed" in asked(before, before, excused).text()


def test_new_code_is_covered_there() -> None:
    text = """(module (memory 1) (func (export "f") (param i32) (result i32)
      {more} local.get 0 i32x4.splat i8x16.all_true))"""
    before = wat(text.format(more=""))
    reached = wat(text.format(more="local.get 0 i32x4.splat drop"))
    assert isinstance(verify(before, reached, Contract(), calls=60), Inconclusive)
    verdict = asked(before, reached, Contract())
    assert isinstance(verdict, Same), verdict.text()
    assert (verdict.evidence.coverage.required, verdict.evidence.coverage.reached) == (3, 3)
    missed = (
        "local.get 0 i32.const 77 i32.eq local.get 0 i32.const 78 i32.eq i32.and if i32.const 1 i32x4.splat drop end"
    )
    verdict = asked(before, wat(text.format(more=missed)), Contract())
    assert isinstance(verdict, Inconclusive)
    assert "never executed: function 0: i32.const at 0x" in verdict.text()


@pytest.mark.parametrize("name", ["exceptions", "gc"])
def test_wrappers_in_modules_that_our_engine_does_not_run(name: str) -> None:
    """The wrapper of one with exceptions catches what is thrown: it is executed and compared there."""
    before = (ROOT / "corpus" / "built" / f"{name}.wat.wasm").read_bytes()
    interface = parse_interface((ROOT / "corpus" / "interfaces" / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    result = Pipeline([MultiValue()], interface).run(Module.from_bytes(before))
    assert result.changed
    verdict = asked(before, result.data, result.contract)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.coverage.reached > 0


# --- it cannot --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('(import "a" "h" (func (param v128)))', "wasmtime cannot be given import a.h"),
        ('(import "a" "h" (func (param externref)))', "wasmtime cannot be given import a.h"),
        ('(import "a" "g" (global v128))', "wasmtime cannot be given import a.g"),
        ('(import "a" "t" (tag))', "wasmtime cannot be given import a.t, which is a tag"),
        ('(import "a" "m" (memory 1 2 shared))', "wasmtime is not asked about shared memories"),
        (
            """(memory 1 2 shared) (func (export "f") (result i32)
            i32.const 0 i32.const 0 i64.const -1 memory.atomic.wait32)""",
            "wasmtime is not asked about shared memories, where a call may wait for ever",
        ),
        ('(func (export "f") (param v128))', "no call could be made in wasmtime"),
    ],
)
def test_what_it_cannot_take_is_said(text: str, why: str) -> None:
    data = wat(f"(module {text})")
    verdict = asked(data, data)
    assert isinstance(verdict, Inconclusive), verdict.text()
    assert why in verdict.text()


def test_vectors_never_cross_the_border() -> None:
    text = """(module (global (export "v") (mut v128) (v128.const i64x2 1 2))
      (func (export "g") (param i32) (result v128) local.get 0 i32x4.splat)
      (func (export "h") (result i32) i32.const 1))"""
    data = wat(text)
    verdict = asked(data, data)
    assert verdict.evidence.outside is not None
    assert (verdict.evidence.outside.agreed, list(verdict.evidence.outside.names)) == (0, ["export 'h'"])


def test_what_it_refuses_in_the_output_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    from wasmrewrite.equiv.behavior.role import Role
    from wasmrewrite.equiv.engines.cross_check import Elsewhere, elsewhere
    from wasmrewrite.equiv.engines.wasmtime_module import Refused

    def picky(role: Role, funcs: set[int]) -> Elsewhere:
        if not role.is_input:
            raise Refused("type mismatch (at offset 0x10)")
        return elsewhere(role, funcs)

    monkeypatch.setattr(second, "elsewhere", picky)
    verdict = asked(*DEMO.modules(), CONTRACT)
    assert isinstance(verdict, Different)
    assert str(verdict.difference) == (
        "validation in wasmtime: accepted before, refused (type mismatch (at offset 0x10)) after"
    )


def test_an_engine_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    data = wat("(module)")
    with pytest.raises(ConfigError, match="no engine is called 'v8'; known: wasmtime"):
        verify(data, data, outside="v8")
    monkeypatch.setattr(second, "installed", lambda: False)
    with pytest.raises(ConfigError, match="wasmtime is not installed: it comes with the extra 'oracle'"):
        verify(data, data, outside="wasmtime")


# --- before a supplied host -------------------------------------------------------------------------------------------


def test_a_supplied_host_answers_there_too() -> None:
    from wasmrewrite import with_caller

    verdict = asked(*DEMO.modules(), CONTRACT, host={"js": {"get_two": lambda: (3, 4)}})
    assert isinstance(verdict, Same), verdict.text()
    wants = asked(*DEMO.modules(), CONTRACT, host={"js": {"get_two": with_caller(lambda caller: (3, 4))}})
    assert isinstance(wants, Inconclusive)
    assert "what the host supplies for import js.get_two works in our own engine only" in wants.text()


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_cross_the_border_and_come_back() -> None:
    for type, bits in [(I32, 0xFFFF_FFFF), (I32, 5), (I64, 1 << 63), (F32, 0x7F80_0000), (F32, 0x8000_0001), (F64, 1)]:
        assert out_of(type, into(type, bits)) == bits
    assert out_of(F32, into(F32, 0x7FA0_0001)) == 0x7FC0_0000
    assert quiet(F32, 0x7FA0_0001) == 0x7FE0_0001
    assert [quiet(F32, bits) for bits in (0x7F80_0000, 0x3F80_0000)] == [0x7F80_0000, 0x3F80_0000]
    assert quiet(I32, 0x7FA0_0001) == 0x7FA0_0001


def test_changed_state_that_the_other_engine_does_not_show_is_left_open() -> None:
    text = """(module (table 2 funcref) (elem (i32.const 0) {funcs}) (global v128 (v128.const i64x2 0 0))
      (func $a) (func $b) (func (export "h") (result i32) i32.const 1))"""
    before, after = wat(text.format(funcs="$a $b")), wat(text.format(funcs="$b $a"))
    verdict = asked(before, after, Contract(stack_pointer=None))
    assert isinstance(verdict, Inconclusive), verdict.text()
    assert "elem segment 0 has other contents or another place, which is not looked at in wasmtime" in verdict.text()


def test_bulk_instructions_cost_more_there() -> None:
    data = wat("""(module (memory 64)
      (func (export "f") (param i32) i32.const 0 local.get 0 i32.const 4194304 memory.fill))""")
    verdict = asked(data, data)
    assert isinstance(verdict, Same), verdict.text()
