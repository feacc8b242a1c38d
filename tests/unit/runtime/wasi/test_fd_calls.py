from __future__ import annotations

from tests.unit.runtime.wasi.conftest import FOLDER, LIMITS, Calls
from wasmrewrite.runtime.wasi.abi import CREAT, PREVIEW1, UNSTABLE, Errno
from wasmrewrite.runtime.wasi.files import File

END = (1 << 64) - 1
"""An offset of -1."""


def test_reading_fills_one_vector_after_the_other(calls: Calls) -> None:
    calls.vector(0, 3, at=512)
    calls.vector(100, 40, at=520)
    assert calls.call("fd_read", 0, 512, 2, 600) is Errno.SUCCESS
    assert (calls.number(600), calls.memory.read(0, 3), calls.memory.read(100, 8)) == (10, b"012", b"3456789\0")
    assert calls.call("fd_read", 0, 512, 2, 600) is Errno.SUCCESS
    assert calls.number(600) == 0


def test_writing(calls: Calls) -> None:
    calls.text("hello")
    assert calls.call("fd_write", 1, *calls.vector(0, 5), 600) is Errno.SUCCESS
    assert calls.call("fd_write", 2, *calls.vector(1, 2), 600) is Errno.SUCCESS
    assert (calls.number(600), bytes(calls.wasi.output), bytes(calls.wasi.errors)) == (2, b"hello", b"el")
    assert calls.guest.heard == [b"el"]
    assert calls.call("fd_write", 1, *calls.vector(0, 99), 600) is Errno.NOSPC


def test_seeking_in_both_editions(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f", b"0123456789")
    fd = calls.open("f")
    for module, end, start in ((PREVIEW1.module, 2, 0), (UNSTABLE.module, 1, 2)):
        assert calls.call("fd_seek", fd, END, end, 8, module=module) is Errno.SUCCESS
        assert calls.number(8, 8) == 9
        assert calls.call("fd_seek", fd, 4, start, 8, module=module) is Errno.SUCCESS
        assert calls.number(8, 8) == 4
        assert calls.call("fd_seek", fd, END, start, 8, module=module) is Errno.INVAL
        assert calls.call("fd_seek", fd, 0, 3, 8, module=module) is Errno.INVAL
    assert calls.call("fd_seek", 1, 0, 0, 8) is Errno.SPIPE


def test_filestat_in_both_editions(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f", b"0123456789")
    fd = calls.open("f")
    calls.call("fd_filestat_get", fd, 1024)
    calls.call("fd_filestat_get", fd, 2048, module=UNSTABLE.module)
    first = PREVIEW1.filestat.fields.unpack(calls.memory.read(1024, 64))
    assert first == UNSTABLE.filestat.fields.unpack(calls.memory.read(2048, 56))
    assert first[2:5] == (4, 1, 10)


def test_files_do_not_grow_beyond_the_limit(calls: Calls) -> None:
    fd = calls.open("f", CREAT)
    assert calls.call("fd_pwrite", fd, *calls.vector(0, 1), LIMITS.file_bytes, 600) is Errno.NOSPC
    assert calls.call("fd_pwrite", fd, *calls.vector(0, 1), END, 600) is Errno.FBIG
    assert calls.call("fd_filestat_set_size", fd, 1 << 62) is Errno.NOSPC
    assert calls.call("fd_filestat_set_size", fd, END) is Errno.FBIG
    assert calls.call("fd_allocate", fd, END, END) is Errno.FBIG
    assert calls.call("fd_pwrite", fd, *calls.vector(0, 1), LIMITS.file_bytes - 1, 600) is Errno.SUCCESS
    assert calls.wasi.tree.bytes_left == 0


def test_rights_only_shrink(calls: Calls) -> None:
    fd = calls.open("f", CREAT, rights=1 << 1 | 1 << 6)
    assert calls.call("fd_fdstat_set_rights", fd, 1 << 1 | 1 << 5, 0) is Errno.NOTCAPABLE
    assert calls.call("fd_fdstat_set_rights", fd, 1 << 1, 0) is Errno.SUCCESS
    assert calls.call("fd_write", fd, *calls.vector(0, 1), 600) is Errno.BADF
    assert calls.call("fd_filestat_set_size", fd, 1) is Errno.BADF
    assert calls.call("fd_read", fd, *calls.vector(0, 1), 600) is Errno.SUCCESS
    calls.call("fd_fdstat_get", fd, 64)
    assert (calls.number(64, 1), calls.number(72, 8)) == (4, 1 << 1)


def test_times(calls: Calls) -> None:
    calls.wasi.tree.make_file(calls.folder, "f")
    fd, file = calls.open("f"), calls.folder.get("f")
    assert isinstance(file, File)
    assert calls.call("fd_filestat_set_times", fd, 3, 4, 1 | 4) is Errno.SUCCESS
    assert (file.accessed, file.modified) == (3, 4)
    calls.wasi.time.passed = 5
    assert calls.call("fd_filestat_set_times", fd, 0, 0, 8) is Errno.SUCCESS
    assert (file.accessed, file.modified) == (3, calls.wasi.time.now)
    for flags in (3, 12, 16):
        assert calls.call("fd_filestat_set_times", fd, 0, 0, flags) is Errno.INVAL


def test_listing_goes_on_where_it_stopped(calls: Calls) -> None:
    for name in ("one", "two", "three"):
        calls.wasi.tree.make_file(calls.folder, name)
    found = []
    cookie = 0
    while calls.call("fd_readdir", FOLDER, 1024, 30, cookie, 8) is Errno.SUCCESS and calls.number(8) >= 24:
        cookie = calls.number(1024, 8)
        length = calls.number(1040)
        found.append((calls.memory.read(1048, min(length, 6)).decode(), calls.number(1044, 1)))
        if found[-1][0] == "one":
            calls.wasi.tree.remove(calls.folder, "one")
    assert found == [(".", 3), ("..", 3), ("one", 4), ("two", 4), ("three", 4)]


def test_what_is_open_from_the_start(calls: Calls) -> None:
    assert calls.call("fd_prestat_get", FOLDER, 0) is Errno.SUCCESS
    assert (calls.number(0), calls.number(4)) == (0, 5)
    assert calls.call("fd_prestat_dir_name", FOLDER, 16, 4) is Errno.NAMETOOLONG
    assert calls.call("fd_prestat_dir_name", FOLDER, 16, 5) is Errno.SUCCESS
    assert calls.memory.read(16, 5) == b"/here"
    assert calls.call("fd_prestat_get", calls.open(".", 2, rights=0), 0) is Errno.BADF
