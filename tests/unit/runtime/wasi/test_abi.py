from __future__ import annotations

import pytest

from wasmrewrite.errors import Trap, WasmError
from wasmrewrite.runtime.wasi import abi
from wasmrewrite.runtime.wasi.abi import PREVIEW1, UNSTABLE, Layout, ProcExit


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        (abi.U32, 4), (abi.U64, 8), (abi.IOVEC, 8), (abi.PRESTAT, 8), (abi.FDSTAT, 24), (abi.DIRENT, 24),
        (abi.EVENT, 32), (PREVIEW1.filestat, 64), (PREVIEW1.on_clock, 48), (PREVIEW1.on_fd, 48),
        (UNSTABLE.filestat, 56), (UNSTABLE.on_clock, 56), (UNSTABLE.on_fd, 56),
    ],
)  # fmt: skip
def test_records_have_the_documented_size(layout: Layout, size: int) -> None:
    assert layout.size == size
    assert layout.size % layout.align == 0


def test_leaving_is_no_trap() -> None:
    end = ProcExit(3)
    assert isinstance(end, WasmError)
    assert not isinstance(end, Trap)
    assert (end.code, str(end)) == (3, "exit: the program ended with code 3")


def test_rights_of_directories_and_files_are_all_there_are() -> None:
    assert abi.FILE_RIGHTS | abi.DIRECTORY_RIGHTS == abi.ALL_RIGHTS
    assert not abi.DIRECTORY_RIGHTS & (abi.FD_READ | abi.FD_WRITE | abi.FD_SEEK)
