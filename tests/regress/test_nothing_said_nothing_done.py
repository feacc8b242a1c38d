"""``multi-value`` did nothing and said nothing: for a mistyped import, for line tables, for nothing declared at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Declaration, Interface, parse_type
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, Result

BUILT = ROOT / "corpus" / "built"
FLOATS, WORDS = parse_type("(f64, f64)"), parse_type("(i64, i64)")


def run(file: str, *declared: Declaration, **options: object) -> Result:
    interface = Interface(
        tuple(each for each in declared if each.module is None), tuple(each for each in declared if each.module)
    )
    module = Module.from_bytes((BUILT / file).read_bytes())
    return Pipeline([MultiValue(**options)], interface).run(module)  # type: ignore[arg-type]


def warnings(result: Result) -> list[str]:
    return [str(note).removeprefix("multi-value: ") for note in result.notes if note.warning]


def test_a_mistyped_import_alone_is_an_error() -> None:
    with pytest.raises(RewriteError) as caught:
        run("two_i64s.1.96-O3.wasm", Declaration("get_two_i65s", "js", result=WORDS))
    assert caught.value.message == (
        "nothing to rewrite: no function is imported as 'js.get_two_i65s'; did you mean 'js.get_two_i64s'?"
    )


def test_an_import_that_the_linker_left_out_is_a_warning_beside_others() -> None:
    both = (Declaration("get_two_i64s", "js", result=WORDS), Declaration("where", "env", result=FLOATS))
    done = run("two_i64s.1.96-O3.wasm", *both)
    assert done.changed
    assert warnings(done) == ["no function is imported as 'env.where'"]
    many = [Declaration(f"unlike anything {at}", "env", result=FLOATS) for at in range(8)]
    [line] = warnings(run("two_i64s.1.96-O3.wasm", both[0], *many))
    assert line.endswith("'env.unlike anything 4' and 3 more")


def test_a_named_import_has_to_be_there() -> None:
    declared = (Declaration("get_two_i64s", result=WORDS), Declaration("where", "env", result=FLOATS))
    with pytest.raises(RewriteError, match=r"no function is imported as 'env\.where'"):
        run("two_i64s.1.96-O3.wasm", *declared, import_=("env.where",))


def test_nothing_declared() -> None:
    with pytest.raises(RewriteError, match="no declared results: use multi-value"):
        run("two_i64s.1.96-O3.wasm")
    done = run("two_i64s.1.96-O3.wasm", Declaration("add", result=parse_type("i32")))
    [line] = warnings(done)
    assert line == "nothing to rewrite (the declarations contain no result that is returned through a pointer)"


def test_line_tables_are_named_as_the_cause() -> None:
    with pytest.raises(RewriteError) as caught:
        run("two_i64s.1.96-O3-g1.wasm", layouts="dwarf")
    assert caught.value.message == (
        "nothing to rewrite: debug information proves none of 1 results; export 'get_two_i64s': debug information has "
        "no types; build with -g (debuginfo=2), not with line tables only"
    )


def test_results_that_cannot_be_declared_are_a_warning() -> None:
    once = run("merged.1.96-O3-g.wasm", layouts="dwarf")
    assert warnings(once) == []
    again = Pipeline([MultiValue(layouts="dwarf")]).run(once.module)
    assert again.data == once.data
    assert len(warnings(again)) == 1
    assert "debug information proves none of 2 results" in warnings(again)[0]


def test_a_second_run_is_no_mistake() -> None:
    once = run("two_i64s.1.96-O3-g.wasm", layouts="dwarf")
    assert Pipeline([MultiValue(layouts="dwarf")]).run(once.module).data == once.data


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "i.toml").write_text('[[import]]\nmodule = "env"\nname = "where"\nresult = "(f64, f64)"\n')
    source, out = str(BUILT / "imports.1.96-O3.wasm"), tmp_path / "out.wasm"
    words = ["rewrite", source, "-o", str(out), "--pass", "multi-value", "--declarations", str(tmp_path / "i.toml")]
    assert call(words) == 3
    assert "no function is imported as 'env.where'" in capsys.readouterr().err
    assert not out.exists()
