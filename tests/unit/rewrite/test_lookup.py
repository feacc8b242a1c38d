"""Names of users lead to items, or to an answer that says what there is."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Import, Module
from wasmrewrite.rewrite import called, find_export, find_func, find_imports, find_memory, imports_of
from wasmrewrite.rewrite.suggest import did_you_mean

TEXT = """(module
  (import "a" "f" (func)) (import "a" "f" (func (param i32)))
  (import "a.b" "c" (func)) (import "a" "b.c" (func)) (import "m" "memory" (memory 1))
  (memory $results (export "out") 1)
  (func $main (export "run")) (func (export "other"))
  (global (export "g") i32 (i32.const 0)))"""


@pytest.fixture
def module() -> Module:
    return Module.from_bytes(wat(TEXT))


def test_exports(module: Module) -> None:
    assert find_export(module, "run").item is module.funcs[4]


def test_functions_by_export_or_name(module: Module) -> None:
    assert find_func(module, "run") is find_func(module, "main") is module.funcs[4]


def test_imports(module: Module) -> None:
    assert find_imports(module, "a.f") == imports_of(module, Import("a", "f")) == module.funcs[:2]
    assert imports_of(module, Import("a.b", "c")) == [module.funcs[2]]
    assert imports_of(module, Import("x", "y")) == []


@pytest.mark.parametrize(
    ("which", "index"), [(0, 0), ("1", 1), ("out", 1), ("results", 1), ("memory", 0), ("m.memory", 0)]
)
def test_memories(module: Module, which: str | int, index: int) -> None:
    assert find_memory(module, which) is module.memories[index]


@pytest.mark.parametrize(
    ("look", "name", "message"),
    [
        (find_export, "rnu", "no export is called 'rnu'; did you mean 'run'?"),
        (find_export, "zzzz", "no export is called 'zzzz' (known: run, other)"),
        (find_export, "g", "export 'g' is a global, not a function"),
        (find_func, "rnu", "no export and no function is called 'rnu'; did you mean 'run'?"),
        (find_func, "g", "export 'g' is no function"),
        (find_imports, "a.g", "no function is imported as 'a.g'; did you mean 'a.f'?"),
        (
            find_imports,
            "a.b.c",
            (
                "'a.b.c' can be read in several ways (module 'a' name 'b.c', module 'a.b' name 'c'); "
                "declare it in an interface file"
            ),
        ),
        (find_memory, None, "the module has 2 memories; say which one results lie in"),
        (find_memory, 2, "memory 2 does not exist: the module has 2"),
        (find_memory, "in", "no memories are called 'in'"),
    ],
)
def test_what_is_not_there(module: Module, look: object, name: object, message: str) -> None:
    assert callable(look)
    with pytest.raises(RewriteError) as caught:
        look(module, name)
    assert caught.value.message == message


def test_a_module_without_memory() -> None:
    with pytest.raises(RewriteError, match="the module has no memory"):
        find_memory(Module.from_bytes(wat("(module)")), None)


def test_items_have_names_in_sentences(module: Module) -> None:
    assert [called(module.funcs[at]) for at in (4, 5)] == ["'main'", "function 5"]


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [("abd", ["abc", "xyz"], "; did you mean 'abc'?"), ("q", [], ""), ("q", ["b", "a", "b"], " (known: b, a)")],
)
def test_suggestions(word: str, known: list[str], said: str) -> None:
    assert did_you_mean(word, known) == said


def test_suggestions_stay_short() -> None:
    assert did_you_mean("?", map(str, range(20))).endswith("10, 11, ...)")
