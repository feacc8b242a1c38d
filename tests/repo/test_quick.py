"""``make quick`` runs the tests of what was changed, whatever that is, and finds a fault in each room."""

from __future__ import annotations

from tests.repo.tree import PACKAGE, ROOT
from tools.quick import ALWAYS, chosen


def test_a_changed_module_brings_its_own_tests_and_those_of_its_room() -> None:
    assert chosen(["wasmrewrite/isa/types.py"]) == ["tests/unit/isa", *ALWAYS]
    assert chosen(["passes/add_start.py"]) == ["tests/unit/passes", *ALWAYS]
    assert "tests/property/test_reencode.py" in chosen(["wasmrewrite/codec/reencode.py"])


def test_a_changed_test_is_run_and_nothing_else_brings_tests() -> None:
    assert chosen(["tests/oracle/test_wasi.py", "README.md"]) == ["tests/oracle/test_wasi.py", *ALWAYS]
    assert chosen(["tests/helpers/every.py", "docs/lint.md"]) == list(ALWAYS)


def test_a_deleted_test_file_is_not_run() -> None:
    assert chosen(["tests/unit/isa/test_gone.py"]) == list(ALWAYS)


def test_every_room_has_unit_tests() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert {name for name in rooms if not (ROOT / "tests" / "unit" / name).is_dir()} == set()
