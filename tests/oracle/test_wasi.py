"""WASI as wasmtime has it: the same programs print the same and end the same, by our own world and by wasmtime's.

Most programs are lists of calls: each leaves its error number and what it wrote, and all of that is printed at the end.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
import wasmtime

from tests.helpers.wat import wat
from tests.repo.tree import ROOT
from wasmrewrite.errors import Trap
from wasmrewrite.interp import instantiate
from wasmrewrite.runtime.wasi import BY_NAME, ProcExit, Wasi

MODULE = "wasi_snapshot_preview1"
SLOT = 64
OUTPUT = 0x8000
TEXTS = 0x1000


@dataclass(frozen=True)
class End:
    """How a program ended, and what it printed."""

    code: int | None
    out: bytes
    err: bytes
    files: Mapping[str, bytes | None] = field(default_factory=dict)


class Program:
    """A program that makes calls in order. ``call`` returns where the call's results are."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: set[str] = set()
        self.texts = bytearray()
        self.slots = 0

    def text(self, data: str | bytes) -> tuple[int, int]:
        """Put data into memory; address and length."""
        encoded = data if isinstance(data, bytes) else data.encode()
        at = TEXTS + len(self.texts)
        self.texts += encoded + bytes(-len(encoded) % 8 or 8)
        return at, len(encoded)

    def vector(self, *parts: tuple[int, int]) -> tuple[int, int]:
        """An array of vectors; address and number."""
        packed = b"".join(number.to_bytes(4, "little") for part in parts for number in part)
        return self.text(packed)[0], len(parts)

    def slot(self) -> int:
        """Room for results."""
        self.slots += 1
        return OUTPUT + (self.slots - 1) * SLOT

    def call(self, name: str, *args: int | str) -> None:
        """Call, and keep the error number. A string is text that is evaluated in place."""
        self.names.add(name)
        params = BY_NAME[MODULE, name].type.params
        given = " ".join(
            f"({kind}.const {arg})" if isinstance(arg, int) else arg for kind, arg in zip(params, args, strict=True)
        )
        result = BY_NAME[MODULE, name].type.results
        called = f"(call ${name} {given})"
        self.lines.append(f"(i32.store (i32.const {self.slot()}) {called})" if result else called)

    def forget(self, at: int, size: int) -> None:
        """Do not compare these bytes."""
        self.lines.append(f"(memory.fill (i32.const {at}) (i32.const 0) (i32.const {size}))")

    def module(self) -> bytes:
        """The whole."""
        names = self.names | {"fd_write"}
        imports = "\n".join(
            f'(import "{MODULE}" "{name}" (func ${name} '
            + " ".join(f"(param {param})" for param in BY_NAME[MODULE, name].type.params)
            + " ".join(f"(result {result})" for result in BY_NAME[MODULE, name].type.results)
            + "))"
            for name in sorted(names)
        )
        data = "".join(f"\\{byte:02x}" for byte in self.texts)
        vector = "".join(
            f"\\{byte:02x}" for number in (OUTPUT, self.slots * SLOT) for byte in number.to_bytes(4, "little")
        )
        body = "\n".join(self.lines)
        return wat(f"""(module {imports}
          (memory (export "memory") 2)
          (data (i32.const 16) "{vector}") (data (i32.const {TEXTS}) "{data}")
          (func (export "_start")
            {body}
            (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))))""")


def ours(
    data: bytes, args: Sequence[str], env: Mapping[str, str], stdin: bytes, files: Mapping[str, bytes | None]
) -> End:
    """Run a program in our world; ``files`` is what is in the one folder, called ``/sandbox``. None is a folder."""
    wasi = Wasi(args, env, stdin=stdin)
    folder = wasi.folder("/sandbox")
    for name, contents in files.items():
        if contents is None:
            wasi.tree.make_directory(folder, name)
        else:
            wasi.tree.make_file(folder, name, contents)
    start = instantiate(data, wasi.imports()).exports["_start"]
    code: int | None = 0
    try:
        start()  # type: ignore[operator]
    except ProcExit as end:
        code = end.code
    except Trap:
        code = None
    left = {name: bytes(getattr(node, "data", b"")) for name, (_, node) in folder.entries.items()}
    return End(code, bytes(wasi.output), bytes(wasi.errors), left)


def theirs(
    data: bytes, args: Sequence[str], env: Mapping[str, str], stdin: bytes, files: Mapping[str, bytes | None],
    scratch: Path,
) -> End:  # fmt: skip
    """Run a program in wasmtime's world."""
    folder = scratch / "sandbox"
    folder.mkdir()
    for name, contents in files.items():
        if contents is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(contents)
    (scratch / "in").write_bytes(stdin)
    config = wasmtime.WasiConfig()
    config.argv = list(args)
    config.env = list(env.items())
    config.stdin_file = scratch / "in"
    config.stdout_file = scratch / "out"
    config.stderr_file = scratch / "err"
    config.preopen_dir(str(folder), "/sandbox")
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    store.set_wasi(config)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    instance = linker.instantiate(store, wasmtime.Module(engine, data))
    start = instance.exports(store)["_start"]
    assert isinstance(start, wasmtime.Func)
    code: int | None = 0
    try:
        start(store)
    except wasmtime.ExitTrap as end:
        code = end.code
    except (wasmtime.Trap, wasmtime.WasmtimeError):
        code = None
    left = {
        path.name: b"" if path.is_dir() or path.is_symlink() else path.read_bytes() for path in sorted(folder.iterdir())
    }
    return End(code, (scratch / "out").read_bytes(), (scratch / "err").read_bytes(), left)


def compare(
    program: Program | bytes, scratch: Path, args: Sequence[str] = ("program",), env: Mapping[str, str] | None = None,
    stdin: bytes = b"", files: Mapping[str, bytes | None] | None = None,
) -> End:  # fmt: skip
    """Run in both worlds; they agree."""
    data = program if isinstance(program, bytes) else program.module()
    mine = ours(data, args, env or {}, stdin, files or {})
    other = theirs(data, args, env or {}, stdin, files or {}, scratch)
    assert slots(mine.out) == slots(other.out)
    assert mine == other
    return mine


def slots(out: bytes) -> list[str]:
    """A program's output, slot by slot, without the zeroes at the ends: short enough to be read in a report."""
    return [out[at : at + SLOT].rstrip(b"\0").hex(" ") for at in range(0, len(out), SLOT)]


# --- programs from a compiler ---------------------------------------------------------------------------------------

CORPUS = ROOT / "corpus"
HELLO = sorted(
    entry["file"]
    for entry in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    if entry["file"].startswith("built/hello.")
)


@pytest.mark.parametrize("name", HELLO)
@pytest.mark.parametrize("args", [(), ("a",), ("a", "b c", "\u00fc")])
def test_a_program_made_by_rustc(name: str, args: tuple[str, ...], tmp_path: Path) -> None:
    said = compare((CORPUS / name).read_bytes(), tmp_path, ("hello", *args), {"MOOD": "good"})
    assert said.code == len(args)
    assert said.out.startswith(b"hello, ")
    assert said.err == b"mood: good\n"


# --- lists of calls -------------------------------------------------------------------------------------------------


def test_arguments_and_environment(tmp_path: Path) -> None:
    program = Program()
    for kind in ("args", "environ"):
        at = program.slot()
        program.call(f"{kind}_sizes_get", at, at + 4)
        at = program.slot()
        program.call(f"{kind}_get", at, at + 24)
    compare(program, tmp_path, ("name", "one", ""), {"A": "1", "LONG": "value = x"})


def test_standard_streams(tmp_path: Path) -> None:
    program = Program()
    room = program.slot()
    for fd in (0, 1, 2, 3, 4):
        # One vector: filling more than the first one that is not empty is a host's choice.
        program.call("fd_read", fd, *program.vector((room, 0), (room, 4)), program.slot())
    program.call("fd_write", 2, *program.vector(program.text("error"), program.text("")), program.slot())
    for fd in (0, 3, 4):
        program.call("fd_write", fd, *program.vector(program.text("nothing")), program.slot())
    program.call("fd_write", 1, *program.vector(), program.slot())
    compare(program, tmp_path, stdin=b"abcdefghijklmnopqrstuvwxyz")


def test_what_is_open_from_the_start(tmp_path: Path) -> None:
    program = Program()
    for fd in (2, 3, 4):
        at = program.slot()
        program.call("fd_prestat_get", fd, at)
        for size in (8, 20, 7):
            program.call("fd_prestat_dir_name", fd, program.slot(), size)
    compare(program, tmp_path)


@pytest.mark.parametrize("code", [0, 1, 42, 125])
def test_exit_codes(code: int, tmp_path: Path) -> None:
    program = Program()
    program.call("proc_exit", code)
    assert compare(program, tmp_path).code == code


def opened(program: Program, path: str, how: int = 0, rights: int = 0x1FFFFFFF, flags: int = 0, follow: int = 1) -> str:
    """Open something in the folder; the descriptor as text to pass on."""
    at = program.slot()
    program.call("path_open", 3, follow, *program.text(path), how, rights, 0x1FFFFFFF, flags, at)
    return f"(i32.load (i32.const {at}))"


def test_a_file(tmp_path: Path) -> None:
    program = Program()
    fd = opened(program, "old")
    room = program.slot()
    program.call("fd_read", fd, *program.vector((room, 5)), program.slot())
    program.call("fd_pread", fd, *program.vector((room + 8, 50)), 3, program.slot())
    program.call("fd_tell", fd, program.slot())
    for offset, whence in ((2, 0), (3, 1), (-1, 2), (-100, 1), (100, 0)):
        program.call("fd_seek", fd, offset, whence, program.slot())
    program.call("fd_read", fd, *program.vector((room + 24, 5)), program.slot())
    program.call("fd_write", fd, *program.vector(program.text("far")), program.slot())
    program.call("fd_pwrite", fd, *program.vector(program.text("NEAR")), 1, program.slot())
    program.call("fd_filestat_set_size", fd, 60)
    program.call("fd_filestat_set_size", fd, 103)
    for call in ("fd_sync", "fd_datasync", "fd_close", "fd_close"):
        program.call(call, fd)
    left = compare(program, tmp_path, files={"old": b"0123456789"}).files
    assert left["old"] == b"0NEAR56789".ljust(103, b"\0")


def test_appending(tmp_path: Path) -> None:
    program = Program()
    fd = opened(program, "log", flags=1)
    for text in ("one", "two"):
        program.call("fd_seek", fd, 0, 0, program.slot())
        program.call("fd_write", fd, *program.vector(program.text(text)), program.slot())
    program.call("fd_tell", fd, program.slot())
    assert compare(program, tmp_path, files={"log": b"zero"}).files["log"] == b"zeroonetwo"


CREAT, DIRECTORY, EXCL, TRUNC = 1, 2, 4, 8
READ, WRITE = 2, 64


@pytest.mark.parametrize("how", [0, CREAT, DIRECTORY, CREAT | EXCL, CREAT | TRUNC, CREAT | DIRECTORY])
@pytest.mark.parametrize("path", ["file", "new", "folder", "file/x", "missing/x", "./file", "folder/../file"])
def test_opening(how: int, path: str, tmp_path: Path) -> None:
    program = Program()
    opened(program, path, how, READ | WRITE if path != "folder" else READ)
    compare(program, tmp_path, files={"file": b"contents", "folder": None})


@pytest.mark.parametrize("path", ["", "/", "/file", "..", "../sandbox/file", "folder/../..", "a\0b", ".", "file/"])
def test_paths_that_lead_nowhere(path: str, tmp_path: Path) -> None:
    program = Program()
    opened(program, path, 0, READ)
    compare(program, tmp_path, files={"file": b"contents", "folder": None})


def test_reading_and_writing_need_the_right(tmp_path: Path) -> None:
    program = Program()
    for rights in (READ, WRITE):
        fd = opened(program, "file", 0, rights)
        program.call("fd_read", fd, *program.vector((program.slot(), 3)), program.slot())
        program.call("fd_write", fd, *program.vector(program.text("new")), program.slot())
    for call in ("fd_tell", "fd_filestat_get"):
        program.call(call, 99, program.slot())
    compare(program, tmp_path, files={"file": b"contents"})


def test_directories(tmp_path: Path) -> None:
    program = Program()
    for path in ("made", "made", "file", "made/inner", "none/inner", ".", ""):
        program.call("path_create_directory", 3, *program.text(path))
    for path in ("made", "file", "none", "made/inner", "made", "made"):
        program.call("path_remove_directory", 3, *program.text(path))
    program.call("path_create_directory", 3, *program.text("left"))
    for path in ("file", "none", "left"):
        program.call("path_unlink_file", 3, *program.text(path))
    compare(program, tmp_path, files={"file": b"contents"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("file", "new"), ("file", "other"), ("file", "folder"), ("folder", "file"), ("folder", "empty"),
        ("empty", "folder"), ("folder", "folder/inner/deep"), ("none", "new"), ("file", "none/x"), ("file", "file"),
        ("folder", "new"), ("folder/inner", "inner"),
    ],
)  # fmt: skip
def test_renaming(old: str, new: str, tmp_path: Path) -> None:
    program = Program()
    program.call("path_create_directory", 3, *program.text("folder/inner"))
    program.call("path_rename", 3, *program.text(old), 3, *program.text(new))
    compare(program, tmp_path, files={"file": b"f", "other": b"o", "folder": None, "empty": None})


def test_links(tmp_path: Path) -> None:
    program = Program()
    for target, path in (("file", "a"), ("a", "b"), ("loop", "loop"), ("folder", "f"), ("/etc", "out"), ("..", "up")):
        program.call("path_symlink", *program.text(target), 3, *program.text(path))
    for path, size in (("b", 20), ("a", 2), ("file", 20), ("none", 20)):
        program.call("path_readlink", 3, *program.text(path), program.slot(), size, program.slot())
    for path in ("b", "loop", "f", "up", "up/sandbox/file", "out", "none"):
        for follow in (0, 1):
            opened(program, path, 0, READ, follow=follow)
    program.call("path_link", 3, 0, *program.text("file"), 3, *program.text("hard"))
    program.call("path_link", 3, 0, *program.text("file"), 3, *program.text("hard"))
    program.call("path_link", 3, 0, *program.text("none"), 3, *program.text("never"))
    program.call("path_unlink_file", 3, *program.text("b"))
    left = compare(program, tmp_path, files={"file": b"contents", "folder": None}).files
    assert left["hard"] == b"contents"


def test_filestat(tmp_path: Path) -> None:
    program = Program()
    for path in ("file", "folder", "link", "none"):
        for follow in (0, 1):
            at = program.slot()
            program.call("path_symlink", *program.text("file"), 3, *program.text("link"))
            program.call("path_filestat_get", 3, follow, *program.text(path), at)
            for start, size in ((0, 16), (24, 8), (40, 24)):  # device and inode, links of folders, times
                program.forget(at + start, size)
            if path == "folder":
                program.forget(at + 32, 8)
    program.call("path_filestat_set_times", 3, 0, *program.text("file"), 5_000_000_000, 7_000_000_000, 5)
    at = program.slot()
    program.call("path_filestat_get", 3, 0, *program.text("file"), at)
    program.forget(at, 16)
    program.forget(at + 56, 8)
    program.call("path_filestat_set_times", 3, 0, *program.text("file"), 0, 0, 3)
    compare(program, tmp_path, files={"file": b"contents", "folder": None})


def test_reading_a_directory(tmp_path: Path) -> None:
    program = Program()
    fd = opened(program, "folder", DIRECTORY, READ)
    for size in (0, 24, 25, 60):
        program.call("fd_readdir", fd, program.slot(), size, 0, program.slot())
        program.forget(OUTPUT + (program.slots - 3) * SLOT, SLOT)  # cookies and inodes are anybody's choice
    program.call("fd_readdir", opened(program, "file"), program.slot(), 30, 0, program.slot())
    compare(program, tmp_path, files={"folder": None, "file": b""})


def test_pointers_outside_memory_trap(tmp_path: Path) -> None:
    for number, (name, args) in enumerate(
        (
            ("random_get", (131072, 1)),
            ("random_get", (1, -1)),
            ("args_sizes_get", (0, 131069)),
            ("clock_time_get", (0, 0, 131068)),
            ("fd_write", (1, 131068, 1, 0)),
            ("clock_time_get", (0, 0, 4)),
            ("path_unlink_file", (3, 131070, 4)),
        )
    ):
        program = Program()
        program.call(name, *args)
        scratch = tmp_path / str(number)
        scratch.mkdir()
        assert compare(program, scratch).code is None, name


def test_waiting(tmp_path: Path) -> None:
    program = Program()
    waits = b"".join(
        user.to_bytes(8, "little") + bytes(8) + clock.to_bytes(8, "little") + wait.to_bytes(8, "little") + bytes(16)
        for user, clock, wait in ((7, 1, 1000), (8, 1, 10**15))
    )
    events = program.slot()
    program.slot()
    program.call("poll_oneoff", program.text(waits)[0], events, 2, program.slot())
    program.call("poll_oneoff", program.text(waits)[0], events, 0, program.slot())
    compare(program, tmp_path)


def test_what_makes_no_sense(tmp_path: Path) -> None:
    program = Program()
    program.call("sock_shutdown", 1, 1)
    program.call("sock_shutdown", 9, 1)
    program.call("sched_yield")
    program.call("proc_raise", 6)
    program.call("fd_renumber", 9, 1)
    program.call("fd_renumber", 1, 9)
    for call in ("fd_tell", "fd_fdstat_get"):
        program.call(call, 9, program.slot())
    for fd in (1, 3):
        program.call("fd_seek", fd, 0, 0, program.slot())
        program.call("fd_advise", fd, 0, 0, 1)
        program.call("fd_allocate", fd, 0, 9)
        program.call("fd_fdstat_set_flags", fd, 1)
    program.call("fd_fdstat_get", 3, program.slot())
    compare(program, tmp_path)


# --- random calls ---------------------------------------------------------------------------------------------------

PATHS = (
    "a",
    "b",
    "d",
    "e",
    "d/a",
    "d/b",
    "d/e",
    "d/e/a",
    "a/a",
    "./a",
    "d/./b",
    "d/../a",
    "..",
    "l",
    "l/a",
    "d/l",
    ".",
)
TARGETS = ["a", "d", "e", "../a", "l", "d/l", "none", "d/e", "."]


def random_program(random: Random) -> Program:
    """Calls that make, move, remove and look at things under a few names."""
    program = Program()
    fds = ["(i32.const 99)"]
    for _ in range(40):
        path, other = (program.text(random.choice(PATHS)) for _ in range(2))
        target = program.text(random.choice(TARGETS))
        choice = random.randrange(10)
        if choice < 3:
            how = random.choice((0, CREAT, CREAT | EXCL, CREAT | TRUNC, DIRECTORY))
            # Whether a file that was made or emptied without the right to write can be written is a host's choice.
            rights = READ | WRITE if how & CREAT else READ if how else random.choice((READ, READ | WRITE))
            at = program.slot()
            program.call("path_open", 3, random.randrange(2), *path, how, rights, 0x1FFFFFFF, 0, at)
            fds.append(f"(i32.load (i32.const {at}))")
        elif choice == 3:
            data = program.vector(program.text(random.choice(("", "text", "longer text"))))
            program.call(random.choice(("fd_write", "fd_read")), random.choice(fds), *data, program.slot())
        elif choice == 4:
            program.call("path_symlink", *target, 3, *path)
        elif choice == 5:
            program.call("path_rename", 3, *path, 3, *other)
        elif choice == 6:
            program.call("path_link", 3, 0, *path, 3, *other)
        elif choice == 7:
            at = program.slot()
            program.call("path_filestat_get", 3, random.randrange(2), *path, at)
            program.forget(at, 16)
            program.forget(at + 24, SLOT - 24)
        else:
            names = ("path_create_directory", "path_create_directory", "path_remove_directory", "path_unlink_file")
            program.call(random.choice(names), 3, *path)
    return program


@pytest.mark.parametrize("seed", range(60))
def test_random_calls(seed: int, tmp_path: Path) -> None:
    compare(random_program(Random(seed)), tmp_path, files={"a": b"contents", "d": None})
