import json

from tests.helpers.rewrites import CONTRACT, DEMO
from tests.helpers.wat import wat
from wasmrewrite.contract import Contract
from wasmrewrite.equiv import Different, Inconclusive, Same, Script, replay, verify
from wasmrewrite.equiv.structure.comparison import Structure
from wasmrewrite.equiv.verdict import Coverage, Evidence


def test_same_says_what_it_rests_on() -> None:
    verdict = verify(*DEMO.modules(), CONTRACT, calls=40)
    assert isinstance(verdict, Same)
    assert bool(verdict)
    assert verdict.summary().startswith("same: 19 of 23 items unchanged; ")
    assert verdict.text().splitlines()[0] == verdict.summary()


def test_json_has_a_schema_and_everything_in_the_text() -> None:
    verdict = verify(*DEMO.changed(("i64.const 7", "i64.const 8")).modules(), CONTRACT)
    assert isinstance(verdict, Different)
    assert not verdict
    data = json.loads(json.dumps(verdict.to_json()))
    assert (data["schema"], data["verdict"]) == ("wasmrewrite.verdict/2", "different")
    assert data["difference"] == {
        "location": "call 0, export 'get_two'(i64:0, i64:0): result 1",
        "before": "i64:7",
        "after": "i64:8",
    }
    assert data["execution"]["stack_pointer"] == "global 0: name section"
    script = Script.from_json(data["reproducer"])
    assert script == verdict.script
    assert replay(script, *DEMO.changed(("i64.const 7", "i64.const 8")).modules()) == verdict.difference
    assert replay(script, *DEMO.modules()) is None


def test_everything_is_the_same_for_a_seed() -> None:
    pair = DEMO.changed(("i32.load16_s offset=6", "i32.load16_u offset=6")).modules()
    one, other, third = (verify(*pair, CONTRACT, seed=seed).to_json() for seed in (3, 3, 4))
    assert one == other
    assert one != third


def test_coverage_is_rounded_down() -> None:
    assert str(Coverage(1000, 999)) == "99%"
    assert str(Coverage()) == "no changed code"


def test_names_of_a_module_do_no_harm_to_a_terminal() -> None:
    name = "\\1b[31m\\e2\\80\\aeevil"
    before = wat(f'(module (func (export "{name}") (result i32) i32.const 1))')
    after = wat(f'(module (func (export "{name}") (result i32) i32.const 2))')
    text = verify(before, after, Contract()).text()
    assert "evil" in text
    assert all(char.isprintable() or char == "\n" for char in text)


def test_long_lists_are_cut() -> None:
    verdict = Inconclusive(Structure(), Evidence(), tuple(f"reason {number}" for number in range(40)))
    assert len(verdict.text().splitlines()) == 14
    assert "... and 28 more" in verdict.text()
    assert len(verdict.to_json()["reasons"]) == 13
