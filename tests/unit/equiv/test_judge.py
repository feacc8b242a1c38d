from dataclasses import replace

import pytest

from tests.helpers.rewrites import CONTRACT, DEMO, Pair
from tests.helpers.wat import wat
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Contract,
    CustomChanged,
    IndexMap,
    Redirected,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv import Different, Inconclusive, Same, Script, Verdict, replay, verify
from wasmrewrite.errors import ConfigError, MalformedError

EMPTY = wat("(module)")

# A function that always writes the same: whether its wrapper reads the right places cannot be seen from outside.
CONSTANT = Pair(
    """(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 32768))
      (func $f (export "f") (param i32) local.get 0 i64.const 0 i64.store {more}))""",
    """(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 32768))
      (func $f (param i32) local.get 0 i64.const 0 i64.store {more})
      (func $wrapper (export "f") (result i32 i32) (local i32 i32)
        global.get 0 local.tee 0 i32.const 16 i32.sub local.tee 1 global.set 0
        local.get 1 i64.const 0 i64.store
        local.get 1 call $f
        local.get 1 i32.load local.get 1 i32.load offset=4
        local.get 0 global.set 0))""",
    Contract(
        claims=(
            ReturnsByValue("export", "f", parse_type("(u32, u32)")),
            CustomChanged("name", "a function was added"),
        )
    ),
)


def constant(more: str) -> Pair:
    return Pair(CONSTANT.before.replace("{more}", more), CONSTANT.after.replace("{more}", more), CONSTANT.contract)


def test_a_broken_input_is_an_error_and_a_broken_output_a_difference() -> None:
    with pytest.raises(MalformedError):
        verify(EMPTY[:-1], EMPTY)
    verdict = verify(EMPTY, EMPTY + b"\x63")
    assert isinstance(verdict, Different)
    assert verdict.difference.where == "output"


def test_the_stack_pointer_can_be_given() -> None:
    before, after = DEMO.modules()
    assert isinstance(verify(before, after, CONTRACT, stack_pointer=0), Same)
    with pytest.raises(ConfigError, match="global 9 cannot be the stack pointer"):
        verify(before, after, CONTRACT, stack_pointer=9)


def test_a_wrapper_is_also_looked_at_apart_from_what_it_wraps() -> None:
    pair = constant("")
    assert isinstance(verify(*pair.modules(), pair.contract), Same)
    wrong = pair.changed(("local.get 1 i32.load local", "local.get 1 i32.load offset=4 local"))
    verdict = verify(*wrong.modules(), wrong.contract)
    assert isinstance(verdict, Inconclusive)
    assert "with another function behind it, it returns" in verdict.why[0]


def test_a_function_that_never_returns_leaves_its_wrapper_to_be_looked_at_apart() -> None:
    pair = constant("unreachable")
    verdict = verify(*pair.modules(), pair.contract)
    assert isinstance(verdict, Same), verdict.text()
    wrong = pair.changed(("local.get 1 i32.load local", "local.get 1 i32.load8_u local"))
    assert isinstance(verify(*wrong.modules(), wrong.contract), Inconclusive)


def test_a_result_declared_too_small_is_seen_from_the_input_alone() -> None:
    pair = constant("local.get 0 i32.const 1 i32.store offset=16")
    verdict = verify(*pair.modules(), pair.contract)
    assert isinstance(verdict, Different)
    assert "8 bytes before, the function writes byte 16 after" in str(verdict.difference)


def test_calls_that_run_out_on_both_sides_prove_nothing() -> None:
    data = wat('(module (func (export "f") (loop br 0)))')
    changed = wat('(module (func (export "f") nop (loop br 0)))')
    verdict = verify(data, changed, Contract(), fuel=1000)
    assert isinstance(verdict, Inconclusive)
    assert verdict.evidence.skipped
    assert "never compared: export 'f'" in verdict.why


def test_what_cannot_run_was_not_compared() -> None:
    data = wat('(module (func (export "f") (result v128) i32.const 1 i32x4.splat))')
    verdict = verify(data, data)
    assert isinstance(verdict, Inconclusive)
    assert verdict.summary() == "inconclusive: 3 of 3 items unchanged, no code changed; no calls compared"
    assert verdict.why == (
        "nothing was compared: no call came to an end on both sides",
        "--cross-check wasmtime executes what is not executed here",
    )
    asked = verify(data, data, outside="wasmtime")
    assert asked.evidence.calls == 0
    assert isinstance(asked, Inconclusive)  # it cannot be asked for vectors


def test_where_there_is_nothing_to_call_instantiation_is_all() -> None:
    data = wat('(module (memory (export "m") 1) (data (i32.const 0) "data"))')
    verdict = verify(data, data)
    assert isinstance(verdict, Same)
    assert verdict.summary() == "same: 3 of 3 items unchanged, no code changed; nothing to call"
    looping = wat("(module (func loop br 0 end) (start 0))")
    verdict = verify(looping, looping)
    assert isinstance(verdict, Inconclusive)
    assert verdict.why == ("nothing was compared: instantiation did not come to an end",)


def test_calls_in_the_other_engine_only_are_told_in_the_first_line() -> None:
    data = wat('(module (func (export "f") (result i32) i32.const 1 i32x4.splat i32x4.extract_lane 0))')
    verdict = verify(data, data, outside="wasmtime")
    assert isinstance(verdict, Same)
    assert verdict.summary().endswith(" calls compared in wasmtime only")


def test_an_excuse_hides_nothing_where_nothing_differs() -> None:
    """What an excused function does is compared up to the first difference, and so is everything else."""
    text = """(module (global (mut i32) (i32.const 0)) (start $f) (func $f i32.const 5 global.set 0)
      (func (export "g") (param i32) (result i32) local.get 0 i32.const 1 i32.add))"""
    contract = Contract(claims=(BehaviourChanged(0, "on purpose"),))
    verdict = verify(wat(text), wat(text), contract)
    assert isinstance(verdict, Inconclusive)
    assert verdict.evidence.calls >= 60
    verdict = verify(wat(text), wat(text.replace("i32.const 1", "i32.const 2")), contract)
    assert isinstance(verdict, Different)


def test_an_excuse_does_not_outlive_the_call_that_entered_the_function() -> None:
    text = """(module (global $g (mut i32) (i32.const 0)) (func $f (export "f") (result i32) i32.const 0)
      (func (export "g") (result i32) global.get $g i32.const 1 i32.add global.set $g global.get $g))"""
    after = text.replace(
        "global.get $g))", "global.get $g i32.const 20 i32.ge_u if i32.const 9 return end global.get $g))"
    )
    verdict = verify(wat(text), wat(after), Contract(claims=(BehaviourChanged(0, "on purpose"),)), calls=400)
    assert not isinstance(verdict, Same)


def test_calls_of_added_imports_are_counted() -> None:
    text = '(module {more} (func (export "g") (param i32) (result i32) {call} local.get 0))'
    more = '(import "e" "log" (func))'
    before, after = wat(text.format(more="", call="")), wat(text.format(more=more, call="call 0"))
    maps = (IndexMap("function", (Run(0, 1, 1),)), IndexMap("type", (Run(0, 1, 1),)))
    verdict = verify(
        before, after, Contract(maps=maps, claims=(Added("import", "log", "e", type="function [] -> []"),))
    )
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.unlogged["e.log"] == verdict.evidence.calls
    assert f"{verdict.evidence.calls} calls of added imports were not compared (e.log)" in verdict.text()


def test_functions_of_which_one_stands_for_the_other() -> None:
    """Twins need no calls; others are compared by calls to both, in which all of either has to run."""
    text = """(module (func $a (param i32) (result i32) local.get 0 {a})
      (func $b (param i32) (result i32) local.get 0 {b})
      (func (export "f") (param i32) (result i32) local.get 0 call {f})
      (func (export "g") (param i32) (result i32) local.get 0 call $b))"""
    contract = Contract(redirected=(Redirected("function", 0, 1),))

    def judged(a: str, b: str) -> Verdict:
        return verify(wat(text.format(a=a, b=b, f="$a")), wat(text.format(a=a, b=b, f="$b")), contract)

    twins = judged("i32.const 1 i32.add", "i32.const 1 i32.add")
    assert (twins.word, twins.evidence.coverage.required) == ("same", 0)
    alike = judged("i32.const 1 i32.add", "i32.const -1 i32.sub")
    assert (alike.word, alike.evidence.coverage.required) == ("same", 6)
    assert judged("i32.const 1 i32.add", "i32.const 2 i32.add").word == "different"


def test_imports_of_one_name_and_two_types_are_told_apart() -> None:
    data = wat(
        """(module (import "a" "f" (func (param i32))) (import "a" "f" (func (result f64)))
        (func (export "g") (result f64) i32.const 1 call 0 call 1))"""
    )
    verdict = verify(data, data)
    assert isinstance(verdict, Same)
    assert verdict.evidence.calls


def test_a_script_has_to_fit() -> None:
    before, after = DEMO.changed(("i64.const 7", "i64.const 8")).modules()
    verdict = verify(before, after, CONTRACT)
    assert isinstance(verdict, Different)
    script = verdict.script
    assert isinstance(script, Script)
    (call,) = script.calls
    for wrong in (replace(call, old=99), replace(call, by_value="nothing"), replace(call, args=())):
        with pytest.raises(ConfigError, match="does not fit"):
            replay(script.with_calls((wrong,)), before, after)
    with pytest.raises(ConfigError):
        replay(script, EMPTY, EMPTY)
