"""A C++ name of 464 bytes took all memory, one of 8 KB 18 seconds, 480 Rust names of 58 KB 11 seconds.

What a type was made of was limited nowhere, and budgets were for each name alone.
"""

from __future__ import annotations

import tracemalloc

import pytest

from wasmrewrite.analysis import Demangler, demangle
from wasmrewrite.analysis.mangled import MAX_LENGTH, MODULE_WORK, Budget, allowance

BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def reference(index: int) -> str:
    if index == 0:
        return "S_"
    digits = ""
    value = index - 1
    while True:
        value, digit = divmod(value, 36)
        digits = BASE_36[digit] + digits
        if not value:
            return f"S{digits}_"


def doubling(levels: int) -> str:
    return "_Z1f1a1bIS_S_E" + "".join(f"S0_I{reference(at)}{reference(at)}E" for at in range(1, levels))


BOMBS = {
    "doubling": [doubling(40)],
    "doubling, long": [doubling(800)],
    "qualified": ["_ZN" + "1a" * 4000 + "E"],
    "constructors": ["_ZN" + "1a" * 2000 + "C1Ev", "_ZN1a" + "C1" * 4000 + "Ev"],
    "pointers": ["_Z1f" + "P" * 8000 + "i", "_Z1f" + "RKVO" * 2000 + "i"],
    "tags": ["_Z1a" + "B1b" * 2500],
    "packs in packs": ["_Z1fIJ" + "i" * 50 + "EEv" + "DpFv" * 40 + "DpT_" + "E" * 40],
    "packs": ["_Z1fIJ" + "i" * 2000 + "EEv" + "DpT_" * 1000],
    "read again": ["_Z1fIiEvT_PT_" + "Z1gIcEvS0_S_EN1aE" * 400],
    "expressions": ["_Z1fDT" + "pl" * 3000 + "Li1E" * 3001 + "E", "_Z1fIXsp" + "sp" * 3000],
    "local names": ["_Z" + "Z1fv" * 1500],
    "literals": ["_Z1fIL_Z1gI" + "L_Z1gI" * 1000],
    "lambdas": ["_Z1fI" + "UlZ1gv" * 1000],
    "conversions": ["_ZN1a" + "cvT_" * 1000 + "IiEEv"],
    "rust": ["_RINvC1a1f" + "TB9_B9_" * 16 + "E" * 17 + str(at) for at in range(480)],
    "rust paths": ["_R" + "Nv" * 4000 + "C1a" + "1b" * 4000, "_R" + "NvC1a1b" * 1000],
    "rust binders": ["_RIC1a" + "FG1Z_" * 500],
    "rust constants": ["_RIC1aK" + "j" * 4000, "_RIC1a" + "Kj" * 4000],
    "very many": [f"_Z{len(str(at)) + 1}a{at}" + "PiRKcM1AFvvE" * 20 for at in range(500)],
    "very many that fail": [f"{doubling(60)}{at}" for at in range(500)],
}


@pytest.mark.parametrize("names", BOMBS.values(), ids=BOMBS)
def test_work_and_output_are_bounded(names: list[str]) -> None:
    demangler = Demangler()
    tracemalloc.start()
    try:
        for name in names:
            before = demangler.budget.left
            shown = demangler(name)
            assert len(shown) <= max(len(name), MAX_LENGTH) + 100
            assert before - demangler.budget.left <= allowance(name) + MAX_LENGTH
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_all_names_of_a_module_share_a_budget() -> None:
    names = [f"_ZN1a1bILi{at}EEC1Ev" for at in range(100)]
    whole = Budget()
    demangle(names[99], whole)
    one = MODULE_WORK - whole.left
    demangler = Demangler(Budget(one * 10))
    shown = [demangler(name) for name in names]
    assert 9 <= sum(each != name for each, name in zip(shown, names, strict=True)) <= 11
    assert shown[:9] == [f"a::b<{at}>::b()" for at in range(9)]
    assert shown[50:] == names[50:]
    assert [demangler(name) for name in names] == shown
    assert demangler.budget.left >= 0


def test_names_that_are_not_understood_cost_what_was_read_of_them() -> None:
    budget = Budget()
    demangle("_Z1f" + "?" * 8000, budget)
    demangle("memcpy", budget)
    assert MODULE_WORK - budget.left < 1000


def test_digits_of_other_scripts_are_none() -> None:
    for name in ("_Z\u0663abc", "_Z1fILi\u0663EEvv", "_ZN\u06633fooE", "_RNvC\u06611a1f", "_Z1fA\u0663_i"):
        assert demangle(name) == name


def test_deep_callers_get_the_name_back() -> None:
    name = "_Z1f" + "1aI" * 100 + "i" + "E" * 100

    def deep(level: int) -> str:
        return demangle(name) if level == 0 else deep(level - 1)

    assert demangle(name) != name
    assert deep(700) == name
