from __future__ import annotations

import pytest
import wasmtime

from tests.helpers.wat import engine, wat
from wasmrewrite.errors import Trap
from wasmrewrite.interp import instantiate
from wasmrewrite.isa.types import I32, I64, FuncType
from wasmrewrite.runtime.wasi import BY_NAME, ProcExit, Wasi, find


def test_types_are_those_of_wasmtime() -> None:
    linker = wasmtime.Linker(engine())
    linker.define_wasi()
    store = wasmtime.Store(engine())
    for (module, name), function in BY_NAME.items():
        if module != "wasi_snapshot_preview1":
            continue
        theirs = linker.get(store, module, name)
        assert isinstance(theirs, wasmtime.Func)
        assert list(map(str, theirs.type(store).params)) == list(map(str, function.type.params)), name
        assert list(map(str, theirs.type(store).results)) == list(map(str, function.type.results)), name


def test_an_import_means_a_function_only_with_its_type() -> None:
    of = FuncType((I32, I64, I32), (I32,))
    assert find("wasi_snapshot_preview1", "clock_time_get", of) is not None
    assert find("wasi_snapshot_preview1", "clock_time_get", FuncType((I32, I32, I32), (I32,))) is None
    assert find("env", "clock_time_get", of) is None


def test_the_end_and_traps_leave_a_module() -> None:
    wasi = Wasi()
    exports = instantiate(
        wat("""(module
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (import "wasi_unstable" "random_get" (func $random (param i32 i32) (result i32)))
          (memory 1)
          (func (export "end") (call $exit (i32.const -1)))
          (func (export "far") (result i32) (call $random (i32.const 65530) (i32.const 7))))"""),
        wasi.imports(),
    ).exports
    with pytest.raises(ProcExit) as end:
        exports["end"]()  # type: ignore[operator]
    assert end.value.code == 0xFFFF_FFFF
    with pytest.raises(Trap, match="out of bounds memory access") as trap:
        exports["far"]()  # type: ignore[operator]
    assert trap.value.position.path == ("func[3]",)
