from __future__ import annotations

import pytest

from tests.unit.runtime.wasi.conftest import FOLDER, LIMITS, Calls
from wasmrewrite.runtime.wasi.abi import CREAT, TRUNC, Errno


def test_a_removed_file_can_still_be_read(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f", b"text")
    fd = calls.open("f")
    assert calls.call("path_unlink_file", FOLDER, *calls.text("f")) is Errno.SUCCESS
    assert calls.call("fd_read", fd, *calls.vector(0, 9), 600) is Errno.SUCCESS
    assert calls.memory.read(0, 4) == b"text"
    assert calls.wasi.tree.bytes_left == LIMITS.file_bytes - 4
    assert calls.call("fd_close", fd) is Errno.SUCCESS
    assert calls.wasi.tree.bytes_left == LIMITS.file_bytes


def test_opening_can_empty_a_file(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f", b"text")
    calls.open("f", TRUNC)
    assert calls.wasi.tree.bytes_left == LIMITS.file_bytes


def test_there_are_only_so_many_entries(calls: Calls) -> None:
    for number in range(LIMITS.entries):
        path = calls.text(f"d{number}")
        assert calls.call("path_create_directory", FOLDER, *path) is Errno.SUCCESS
    assert calls.call("path_create_directory", FOLDER, *calls.text("more")) is Errno.NOSPC
    assert calls.call("path_open", FOLDER, 0, *calls.text("more"), CREAT, 0, 0, 0, 256) is Errno.NOSPC
    assert calls.call("path_rename", FOLDER, *calls.text("d1"), FOLDER, *calls.text("e", 8)) is Errno.SUCCESS


def test_there_are_only_so_many_descriptors(calls: Calls) -> None:
    for _ in range(LIMITS.descriptors - 4):
        calls.open(".", 2, rights=0)
    assert calls.call("path_open", FOLDER, 0, *calls.text("."), 2, 0, 0, 0, 256) is Errno.MFILE


def test_rights_are_inherited_at_most(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f", b"text")
    assert calls.call("fd_fdstat_set_rights", FOLDER, 0, 1 << 1) is Errno.SUCCESS
    fd = calls.open("f", rights=1 << 1 | 1 << 6)
    assert calls.call("fd_write", fd, *calls.vector(0, 1), 600) is Errno.BADF


@pytest.mark.parametrize(("how", "flags"), [(16, 0), (0, 32), (3, 0)])
def test_flags_nobody_defined(calls: Calls, how: int, flags: int) -> None:
    assert calls.call("path_open", FOLDER, 0, *calls.text("f"), how, 0, 0, flags, 256) is Errno.INVAL


def test_links_are_read(calls: Calls) -> None:
    assert calls.call("path_symlink", *calls.text("target"), FOLDER, *calls.text("l", 32)) is Errno.SUCCESS
    assert calls.call("path_readlink", FOLDER, 32, 1, 64, 3, 128) is Errno.SUCCESS
    assert (calls.number(128), calls.memory.read(64, 4)) == (3, b"tar\0")
    assert calls.guest.heard == [b"l"]


def test_paths_start_from_directories(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f")
    fd = calls.open("f")
    assert calls.call("path_create_directory", fd, *calls.text("d")) is Errno.NOTDIR
    assert calls.call("path_create_directory", 1, *calls.text("d")) is Errno.NOTDIR
    assert calls.call("path_create_directory", 99, *calls.text("d")) is Errno.BADF
