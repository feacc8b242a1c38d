"""A program's links, vectors, folders and files made the host work for nothing, so that fuel did not bound a program.

One call followed 39 links of 800 names each, for the price of a call.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wasmrewrite.errors import Exhaustion
from wasmrewrite.isa.types import Limits, MemoryType
from wasmrewrite.runtime.memory import MemoryInst
from wasmrewrite.runtime.store import Store, StoreLimits
from wasmrewrite.runtime.wasi import BY_NAME, Directory, Guest, Refused, Tree, Wasi, WasiLimits
from wasmrewrite.runtime.wasi.abi import IOVEC, PREVIEW1, Errno
from wasmrewrite.runtime.wasi.files import resolve

FOLDER = 3
OPEN_ALL = (1 << 30) - 1


class Program:
    """A program with one folder, ``tree`` and ``folder``, that is called as a module would call it."""

    def __init__(self, args: int = 0, limits: WasiLimits | None = None) -> None:
        self.store = Store(StoreLimits(fuel=1_000_000_000))
        self.memory = MemoryInst(self.store, MemoryType(Limits(4)))
        self.wasi = Wasi(["x"] * args, limits=limits)
        self.tree = self.wasi.tree
        self.folder = self.wasi.folder("/")

    def call(self, name: str, *args: int, fuel: int = 1_000_000_000) -> Errno:
        """Call; what it answers."""
        self.store.refuel(fuel)
        function = BY_NAME[PREVIEW1.module, name]
        return Errno(self.wasi.perform(function, Guest(self.memory, self.store), args)[0])

    def path(self, text: str, at: int = 0) -> tuple[int, int]:
        """Put a path into memory."""
        self.memory.write(at, text.encode())
        return at, len(text.encode())


def links(program: Program) -> Callable[[int], Errno]:
    for index in range(39):
        program.tree.make_symlink(program.folder, str(index), "./" * 800 + str(index + 1))
    program.path("0")
    return lambda fuel: program.call("path_filestat_get", FOLDER, 1, 0, 1, 1024, fuel=fuel)


def vectors(program: Program) -> Callable[[int], Errno]:
    for index in range(1024):
        program.memory.write(index * IOVEC.size, IOVEC.fields.pack(0, 0))
    return lambda fuel: program.call("fd_write", 1, 0, 1024, 16384, fuel=fuel)


def arguments(program: Program) -> Callable[[int], Errno]:
    return lambda fuel: program.call("args_get", 0, 65536, fuel=fuel)


def argument_sizes(program: Program) -> Callable[[int], Errno]:
    return lambda fuel: program.call("args_sizes_get", 0, 4, fuel=fuel)


def subscriptions(program: Program) -> Callable[[int], Errno]:
    return lambda fuel: program.call("poll_oneoff", 0, 65536, 1024, 0, fuel=fuel)


def allocation(program: Program) -> Callable[[int], Errno]:
    program.tree.make_file(program.folder, "f")
    assert program.call("path_open", FOLDER, 0, *program.path("f"), 0, OPEN_ALL, 0, 0, 256) is Errno.SUCCESS
    return lambda fuel: program.call("fd_allocate", 4, 60_000_000, 1, fuel=fuel)


def directory_entries(program: Program) -> Callable[[int], Errno]:
    for index in range(3000):
        program.tree.make_file(program.folder, str(index))
    return lambda fuel: program.call("fd_readdir", FOLDER, 0, 100_000, 0, 131072, fuel=fuel)


def deep_rename(program: Program) -> Callable[[int], Errno]:
    made = program.folder
    for _ in range(5000):
        made = program.tree.make_directory(made, "d")
    program.tree.make_directory(program.folder, "other")
    program.wasi.descriptors.get(FOLDER).directory = made  # type: ignore[attr-defined]
    program.tree.make_directory(made, "a")
    return lambda fuel: program.call("path_rename", FOLDER, 0, 1, FOLDER, 1, 1, fuel=fuel)


COSTS: dict[Callable[[Program], Callable[[int], Errno]], int] = {
    links: 39 * 800,
    vectors: 8 * 1024,
    arguments: 8 * 2000,
    argument_sizes: 2000,
    subscriptions: 16 * 1024,
    allocation: 60_000_001 // 64,
    directory_entries: 8 * 3000,
    deep_rename: 5000,
}
"""What one call has to cost at least."""


@pytest.mark.parametrize("prepare", COSTS, ids=lambda prepare: prepare.__name__)
def test_work_is_paid_for(prepare: Callable[[Program], Callable[[int], Errno]]) -> None:
    program = Program(args=2000)
    call = prepare(program)
    program.memory.write(0, b"ab" if prepare is deep_rename else b"")
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        call(COSTS[prepare] - 1)
    answer = call(2 * COSTS[prepare] + 1000)
    assert answer in (Errno.SUCCESS, Errno.NOENT)
    assert COSTS[prepare] <= program.store.executed <= 2 * COSTS[prepare] + 1000


def test_what_could_not_be_paid_was_not_done() -> None:
    program = Program()
    call = allocation(program)
    with pytest.raises(Exhaustion):
        call(1000)
    assert program.folder.entries["f"][1].size == 0


def free(_instructions: int) -> None:
    """Nothing costs anything."""


def test_names_and_targets_are_bounded() -> None:
    tree = Tree(0, 1 << 16, lambda: 0, most_name_bytes=1000)
    root = tree.root()
    tree.make_symlink(root, "a" * 100, "b" * 700)
    assert tree.names_left == 200
    tree.link(root, "c" * 50, root.entries["a" * 100][1])
    assert tree.names_left == 150
    for make in (
        lambda: tree.make_symlink(root, "d", "e" * 150),
        lambda: tree.make_directory(root, "d" * 151),
        lambda: tree.make_file(root, "d" * 151),
        lambda: tree.move(resolve(root, "c" * 50, False, free), resolve(root, "c" * 201, False, free), free),
    ):
        with pytest.raises(Refused, match="NOSPC"):
            make()
    assert tree.names_left == 150
    tree.move(resolve(root, "c" * 50, False, free), resolve(root, "c" * 200, False, free), free)
    assert tree.names_left == 0
    tree.remove(root, "a" * 100)
    assert tree.names_left == 100
    tree.remove(root, "c" * 200)
    assert tree.names_left == 1000


def test_a_removed_folder_that_is_open_keeps_no_others() -> None:
    tree = Tree(0, 100, lambda: 0)
    root = tree.root()
    outer = tree.make_directory(root, "outer")
    inner = tree.make_directory(outer, "inner")
    tree.remove(outer, "inner")
    assert inner.parent is None
    moved = tree.make_directory(outer, "moved")
    tree.move(resolve(outer, "moved", False, free), resolve(root, "here", False, free), free)
    assert moved.parent is root


def test_a_folder_that_was_emptied_is_listed_in_no_time() -> None:
    made = Directory(1, 0, 0, 0)
    tree = Tree(0, 1 << 17, lambda: 0)
    for index in range(50_000):
        tree.make_directory(made, str(index))
    full = made.entries.__sizeof__()
    for index in range(49_990):
        tree.remove(made, str(index))
    assert [name for _, name, _ in made.listing()][2:] == [str(index) for index in range(49_990, 50_000)]
    assert made.entries.__sizeof__() < full // 100


def test_descriptors_are_the_lowest_that_are_free() -> None:
    program = Program(limits=WasiLimits(descriptors=10))
    for name in "abcd":
        program.tree.make_file(program.folder, name)

    def opened(name: str) -> int:
        answer = program.call("path_open", FOLDER, 0, *program.path(name), 0, OPEN_ALL, 0, 0, 256)
        return int.from_bytes(program.memory.read(256, 4), "little") if answer is Errno.SUCCESS else -1

    assert [opened(name) for name in "abcd"] == [4, 5, 6, 7]
    assert program.call("fd_close", 1) is Errno.SUCCESS
    assert program.call("fd_close", 6) is Errno.SUCCESS
    assert program.call("fd_close", 4) is Errno.SUCCESS
    assert program.call("fd_renumber", 7, 5) is Errno.SUCCESS
    assert [opened("a") for _ in range(6)] == [4, 6, 7, 8, 9, 10]
    assert opened("a") == -1
