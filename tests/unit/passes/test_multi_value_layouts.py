from __future__ import annotations

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.contract import Declaration, Interface, ReturnsByValue, parse_type
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Func, Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, Result, func_type

BUILT = ROOT / "corpus" / "built"


def run(name: str, interface: Interface | None = None, **options: object) -> Result:
    module = Module.from_bytes((BUILT / name).read_bytes())
    return Pipeline([MultiValue(layouts="dwarf", **options)], interface).run(module)  # type: ignore[arg-type]


def results(result: Result) -> dict[str, str]:
    """Types of exports that have several results."""
    found = {}
    for export in result.module.exports:
        if isinstance(export.item, Func) and len(func_type(export.item.type).results) > 1:
            found[export.name] = str(func_type(export.item.type))
    return found


def left_alone(result: Result) -> dict[str, str]:
    return {note.what: note.why for note in result.notes if note.what.startswith("skipped ")}


def test_all_exports_that_are_proved() -> None:
    done = run("merged.1.96-O3-g.wasm")
    assert results(done) == {"first_name": "[i64] -> [i64 i64]", "signed_pair": "[i32] -> [i32 i32]"}
    assert left_alone(done) == {
        "skipped export 'unsigned_pair'": (
            "its body is described as 'signed_pair', which may be another function merged with it"
        ),
        "skipped export 'second_name'": (
            "its body is described as 'first_name', which may be another function merged with it"
        ),
    }
    claimed = [claim.result for claim in done.contract.claims if isinstance(claim, ReturnsByValue)]
    assert sorted(map(str, claimed)) == ["(a: i8, b: i16)", "(x: i64, y: i64)"]


def test_a_named_export() -> None:
    assert results(run("merged.1.96-O3-g.wasm", export=("first_name",))) == {"first_name": "[i64] -> [i64 i64]"}


def test_a_named_export_that_is_refused() -> None:
    with pytest.raises(RewriteError) as caught:
        run("merged.1.96-O3-g.wasm", export=("second_name",))
    assert caught.value.message == (
        "debug information does not tell what export 'second_name' returns: "
        "its body is described as 'first_name', which may be another function merged with it"
    )


def test_a_type_on_the_spot_and_an_interface_come_first() -> None:
    named = run("merged.1.96-O3-g.wasm", export=("unsigned_pair=(u8, u16)", "signed_pair"))
    assert sorted(results(named)) == ["signed_pair", "unsigned_pair"]
    interface = Interface((Declaration("first_name", result=parse_type("(u64, i64)")),))
    done = run("merged.1.96-O3-g.wasm", interface)
    claimed = [claim.result for claim in done.contract.claims if isinstance(claim, ReturnsByValue)]
    assert sorted(map(str, claimed)) == ["(a: i8, b: i16)", "(u64, i64)"]


def test_too_many_results_are_left_alone() -> None:
    done = run("returns.1.96-O3-g.wasm", max_results=3)
    assert left_alone(done)["skipped export 'array_u32'"] == "4 results are more than max-results=3"
    assert "array_i8" in results(done)


def test_a_second_run_finds_nothing_more() -> None:
    once = run("two_i64s.1.96-O3-g.wasm")
    assert results(once) == {"get_two_i64s": "[] -> [i64 i64]"}
    again = Pipeline([MultiValue(layouts="dwarf")]).run(Module.from_bytes(once.data))
    assert again.data == once.data


def test_without_debug_information() -> None:
    with pytest.raises(RewriteError) as caught:
        run("two_i64s.1.96-O3.wasm")
    assert caught.value.message == "the module has no debug information; build it with -g (debuginfo=2)"
