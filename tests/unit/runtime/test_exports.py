"""Exports by name and kind, and what runtime objects look like in a debugger."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from typing import Any

import pytest

import wasmrewrite.runtime as runtime
from tests.helpers.wat import wat
from wasmrewrite import Caller, Store, instantiate, with_caller
from wasmrewrite.interp import Instance, Program
from wasmrewrite.isa.types import EXTERNREF, FuncType, GlobalType
from wasmrewrite.runtime import GlobalInst, HostFunc, HostRef, RecordingHost
from wasmrewrite.runtime.instances import Segment

TEXT = """
(module (func $h (export "host") (import "h" "f")) (memory (export "memory") 1 2) (table (export "table") 3 funcref)
  (global (export "number") (mut i32) (i32.const -1)) (tag (export "tag") (param i32))
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "back") (call $h)))
"""


def made(host: Any = lambda: None) -> Instance:
    return instantiate(wat(TEXT), {"h": {"f": host}})


def test_each_kind_is_found_by_name() -> None:
    instance = made()
    assert instance.func("add")(2, 3) == 5
    assert instance.func("host")() is None
    assert instance.memory("memory") is instance.exports["memory"] is instance.memories[0]
    assert instance.table("table") is instance.tables[0]
    assert instance.global_("number") is instance.globals[0]
    assert instance.tag("tag") is instance.tags[0]


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("func", "aad", "unknown export 'aad'; did you mean 'add'?"),
        ("func", "zzzzz", "unknown export 'zzzzz'"),
        ("func", "memory", "export 'memory' is a memory, not a function"),
        ("memory", "add", "export 'add' is a function, not a memory"),
        ("table", "host", "export 'host' is a function, not a table"),
        ("global_", "tag", "export 'tag' is a tag, not a global"),
        ("tag", "numbr", "unknown export 'numbr'"),
        ("global_", "numbr", "unknown export 'numbr'; did you mean 'number'?"),
        ("memory", "x" * 1000, "unknown export '" + "x" * 200 + "... (1000 characters)'"),
    ],
)
def test_what_is_not_there_is_said(kind: str, name: str, said: str) -> None:
    with pytest.raises(LookupError) as caught:
        getattr(made(), kind)(name)
    assert str(caught.value) == said


def test_a_name_is_asked_for() -> None:
    with pytest.raises(TypeError, match="expected the name of an export, found int"):
        made().func(0)  # type: ignore[arg-type]


def test_a_caller_finds_them_too() -> None:
    seen: list[object] = []

    def host(caller: Caller) -> None:
        seen.extend((caller.func("add")(1, 2), caller.table("table").size, caller.call("add", 2, 2)))
        seen.append(repr(caller))

    made(with_caller(host)).func("back")()
    assert seen[:3] == [3, 3, 4]
    with pytest.raises(LookupError, match="export 'memory' is a memory, not a function"):
        Caller(made().module_inst).call("memory")


def test_a_caller_without_a_memory_says_so() -> None:
    with pytest.raises(LookupError, match="the calling instance has no memory"):
        _ = Caller(instantiate(wat("(module)")).module_inst).memory


@pytest.mark.parametrize(
    ("thing", "shown"),
    [
        (lambda: made().func("add"), "<FuncInst func[1] 'add': [i32 i32] -> [i32]>"),
        (lambda: made().func("host"), "<HostFunc 'h.f': [] -> []>"),
        (lambda: made().memory("memory"), "<MemoryInst 1 2>"),
        (lambda: made().table("table"), "<TableInst 3 funcref>"),
        (lambda: made().global_("number"), "<GlobalInst (mut i32): -1>"),
        (lambda: made().tag("tag"), "<TagInst [i32] -> []>"),
        (lambda: GlobalInst(GlobalType(EXTERNREF), HostRef(3)), "<GlobalInst externref: HostRef(number=3)>"),
        (lambda: Segment(b"abc"), "<Segment of 3>"),
        (lambda: RecordingHost(7), "<RecordingHost of seed 7: 0 calls>"),
        (lambda: HostFunc(FuncType(), print, name="\x1b[31m"), "<HostFunc '\\x1b[31m': [] -> []>"),
        (made, "<Instance: 3 functions, exports 'host', 'memory', 'table', 'number', 'tag', 'add', 'back'>"),
        (lambda: made().program.module, f"<Module read from {len(wat(TEXT))} bytes>"),
    ],
)
def test_a_repr_says_what_it_is(thing: Any, shown: str) -> None:
    assert repr(thing()) == shown


def classes() -> set[type]:
    """Every class of the runtime, and what the interpreter shows."""
    found: set[type] = {Instance, Program}
    for each in pkgutil.iter_modules(runtime.__path__, f"{runtime.__name__}."):
        module = import_module(each.name)
        here = (kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == each.name)
        found |= {kind for kind in here if not getattr(kind, "_is_protocol", False)}
    return found


def test_every_class_has_a_repr() -> None:
    without = {kind.__name__ for kind in classes() if all("__repr__" not in vars(base) for base in kind.__mro__[:-1])}
    assert without == {"Referable", "Callee", "Exports"}  # bases without instances of their own
    assert "object at 0x" not in repr(Store())
