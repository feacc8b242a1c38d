"""The public surface, name by name: adding or removing one is a decision, and this is where it is written down."""

from __future__ import annotations

import subprocess
import sys

import wasmrewrite
from tests.repo.tree import ROOT

PUBLIC = """
    Caller ConfigError Contract Different Exhaustion Expr Func Inconclusive Instance Instr Interface InterfaceDraft
    InternalError InvalidError LimitError LinkError MalformedError Module Pipeline Position Remark Report
    RewriteError Same Store StoreLimits StubCall Stubs Trap Verdict WasmError __version__ contract_from_json
    contract_to_json draft_interface explain instantiate instr parse_type replay validate verify with_caller
"""


def test_the_public_names_are_these() -> None:
    assert wasmrewrite.__all__ == PUBLIC.split()


def test_every_public_name_is_there() -> None:
    assert {name for name in wasmrewrite.__all__ if getattr(wasmrewrite, name, None) is None} == set()
    assert set(wasmrewrite.__all__) <= set(dir(wasmrewrite))


def test_other_names_are_not() -> None:
    assert not hasattr(wasmrewrite, "no_such_name")


def fresh(code: str) -> str:
    """What ``code`` prints in an interpreter that has imported nothing."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_is_imported_before_it_is_used() -> None:
    loaded = "print(*sorted(name for name in sys.modules if name.startswith('wasmrewrite.')))"
    assert fresh(f"import sys, wasmrewrite; {loaded}") == ""
    assert fresh(f"import sys, wasmrewrite; wasmrewrite.WasmError; {loaded}") == "wasmrewrite.errors"


def test_validate_is_the_function_whatever_was_imported_before() -> None:
    for before in ("", "import wasmrewrite.validate.module; ", "wasmrewrite.Module.empty(); "):
        assert fresh(f"import wasmrewrite; {before}print(type(wasmrewrite.validate).__name__)") == "function"


def test_explain_is_the_function_whatever_was_imported_before() -> None:
    for before in ("", "import wasmrewrite.explain.report; ", "wasmrewrite.draft_interface; "):
        assert fresh(f"import wasmrewrite; {before}print(type(wasmrewrite.explain).__name__)") == "function"


def test_every_name_of_rooms_that_load_late_is_there_and_is_no_file() -> None:
    kinds = "{type(getattr(a, name)).__name__ for name in a.__all__}"
    for room in ("analysis", "explain"):
        load = f"import importlib; a = importlib.import_module('wasmrewrite.{room}')"
        assert fresh(f"{load}; print('function' in {kinds}, 'module' in {kinds})") == "True False"
    assert fresh("import sys, wasmrewrite.analysis; print('construct' in sys.modules)") == "False"
