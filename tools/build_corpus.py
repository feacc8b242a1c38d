"""Rebuild the modules in ``corpus/built`` from our own sources and rewrite what ``corpus/MANIFEST.toml`` says of them.

The manifest is recipe and record at once: ``file``, ``source``, ``purpose``, ``compiler``, ``flags`` and ``invalid``
are written by hand, the other keys by this tool. A new module is a new entry with the first four. Compilers come from
``tools/rust-toolchain.sh``; without ``--toolchains`` only the modules written as text are built.

Exit codes: 0 fine, 1 different (``--check``), 2 usage, 3 a compiler refused.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import wasmtime

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
MANIFEST = CORPUS / "MANIFEST.toml"
HEADER = """\
# Every module in built/: how it is built (file, source, purpose, compiler, flags, invalid) and what came out.
# tools/build_corpus.py rewrites the rest; comments other than these lines are not kept.
"""
LINKERS = {"rustc-1.96": "wasm-ld-1.96", "rustc-1.63": "wasm-ld-1.63", "clang": "wasm-ld-1.63"}

CORE = ("core: MIT OR Apache-2.0", "compiler_builtins: MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)")
STD = (
    *CORE,
    "alloc, std, panic_abort: MIT OR Apache-2.0",
    "cfg-if, hashbrown, libc, rustc-demangle: MIT OR Apache-2.0",
)
STD_UNKNOWN = (*STD, "dlmalloc: MIT OR Apache-2.0")
STD_WASI = (
    *STD,
    "wasi: Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
    "wasi-libc: MIT AND BSD-2-Clause AND CC0-1.0",
)
FEATURES = (
    ("multi_value", ()),
    ("bulk_memory", ()),
    ("function_references", ("gc",)),
    ("gc", ()),
    ("simd", ("relaxed_simd",)),
    ("relaxed_simd", ()),
    ("tail_call", ()),
    ("exceptions", ()),
    ("multi_memory", ()),
    ("memory64", ()),
    ("threads", ()),
)
MARKS = ((b"\x04name", "names"), (b"\x0b.debug_info", "dwarf"), (b"\x0ftarget_features", "target features"))


class BuildError(Exception):
    """A compiler refused; the text is its own."""


@dataclass(frozen=True)
class Entry:
    """One module of the manifest."""

    file: str
    source: str
    purpose: str
    compiler: str
    flags: tuple[str, ...] = ()
    invalid: str = ""
    origin: str = "our own source"
    interface: str = ""
    toolchain: str = ""
    licences: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    size: int = 0
    sha256: str = ""


def read_manifest(text: str) -> list[Entry]:
    """The entries of a manifest, lists as tuples."""
    tables: list[dict[str, Any]] = tomllib.loads(text).get("module", [])
    for table in tables:
        table.update({key: tuple(value) for key, value in table.items() if isinstance(value, list)})
    return [Entry(**table) for table in tables]


def toml_value(value: str | int | tuple[str, ...]) -> str:
    """A string, a number or a list of strings in TOML; nothing here holds control characters."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_manifest(entries: list[Entry]) -> str:
    """The manifest's text: entries by file name, keys in the order of the class, empty optional ones left out."""
    blocks = [HEADER]
    for entry in sorted(entries, key=lambda entry: entry.file):
        lines = ["[[module]]"]
        for key in Entry.__dataclass_fields__:
            value = getattr(entry, key)
            if value or key not in ("invalid", "interface"):
                lines.append(f"{key} = {toml_value(value)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def run(command: list[str], cwd: Path) -> str:
    """Run a compiler quietly. Raises ``BuildError`` with what it said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def rust_command(entry: Entry, toolchains: Path, source: Path, out: Path) -> list[str]:
    """The whole rustc command; paths of this machine are mapped away."""
    return [
        str(toolchains / "bin" / entry.compiler),
        source.name,
        "-o",
        str(out),
        "--edition=2021",
        f"-Clinker={toolchains / 'bin' / LINKERS[entry.compiler]}",
        "-Clinker-flavor=wasm-ld",
        f"--remap-path-prefix={source.parent}=corpus/rust",
        *entry.flags,
    ]


def build_c(entry: Entry, toolchains: Path, source: Path, out: Path) -> None:
    """Compile and link one freestanding C file."""
    maps = [f"-ffile-prefix-map={source.parent}=corpus/c", f"-ffile-prefix-map={toolchains / 'old' / 'usr'}=clang"]
    object_file = out.with_suffix(".o")
    clang = [str(toolchains / "bin" / "clang"), "--target=wasm32", "-ffreestanding", "-fdebug-compilation-dir=corpus/c"]
    run([*clang, *maps, *entry.flags, "-c", source.name, "-o", str(object_file)], source.parent)
    linker = str(toolchains / "bin" / LINKERS["clang"])
    run([linker, "--no-entry", str(object_file), "-o", str(out)], source.parent)


def build(entry: Entry, toolchains: Path | None, folder: Path) -> bytes:
    """Build one module in ``folder``. The output's base name matters: linkers write it into the name section."""
    source = CORPUS / entry.source
    out = folder / Path(entry.file).name
    if entry.compiler == "wat2wasm":
        return bytes(wasmtime.wat2wasm(source.read_text(encoding="utf-8")))
    if toolchains is None:
        raise BuildError(f"{entry.file} needs --toolchains")
    if entry.compiler == "clang":
        build_c(entry, toolchains, source, out)
    else:
        run(rust_command(entry, toolchains, source, out), source.parent)
    return out.read_bytes()


@cache
def version(compiler: str, toolchains: Path | None) -> str:
    """The exact versions behind ``compiler``."""
    if compiler == "wat2wasm" or toolchains is None:
        return f"wat2wasm of wasmtime-py {metadata.version('wasmtime')}"
    linker = run([str(toolchains / "bin" / LINKERS[compiler]), "--version"], toolchains).split()[-1]
    if compiler == "clang":
        found = re.search(r"clang version (\S+)", run([str(toolchains / "bin" / "clang"), "--version"], toolchains))
        return f"clang {found[1] if found else '?'}, wasm-ld {linker}"
    told = run([str(toolchains / "bin" / compiler), "-vV"], toolchains)
    values = dict(re.findall(r"^(release|LLVM version): (\S+)", told, re.MULTILINE))
    return f"rustc {values['release']}, LLVM {values['LLVM version']}, wasm-ld {linker}"


def engine(*without: str) -> wasmtime.Engine:
    """An engine with every feature of ``FEATURES`` but some."""
    config = wasmtime.Config()
    for feature, _ in FEATURES:
        setattr(config, f"wasm_{feature}", feature not in without)
    return wasmtime.Engine(config)


def valid(data: bytes, *without: str) -> bool:
    """Whether ``data`` validates when some features are off."""
    try:
        wasmtime.Module.validate(engine(*without), data)
    except wasmtime.WasmtimeError:
        return False
    return True


def features_of(data: bytes) -> tuple[str, ...]:
    """The features without which the module is refused, and which telling custom sections it carries."""
    found = []
    if valid(data):
        for feature, above in FEATURES:
            # Features that stand on this one go too; what is missed then must not be theirs alone.
            if valid(data, *above) and not valid(data, feature, *above):
                found.append(feature.replace("_", "-"))
    return (*found, *(name for mark, name in MARKS if mark in data))


def licences_of(entry: Entry, source: str) -> tuple[str, ...]:
    """Libraries that may be compiled into the module, each with its licence."""
    if not entry.source.endswith(".rs"):
        return ()
    if "#![no_std]" in source:
        return CORE
    return STD_WASI if "--target=wasm32-wasip1" in entry.flags else STD_UNKNOWN


def interface_of(entry: Entry) -> str:
    """The declared types of a module: its compiler's own file, else its source's; none where nothing is left to do."""
    if any("multivalue" in flag for flag in entry.flags):
        return ""
    stem, _, toolchain = Path(entry.file).name.removesuffix(".wasm").partition(".")
    files = (f"interfaces/{stem}.{toolchain.partition('-')[0]}.toml", f"interfaces/{stem}.toml")
    return next((file for file in files if (CORPUS / file).is_file()), "")


def describe(entry: Entry, data: bytes, toolchains: Path | None) -> Entry:
    """The entry with everything that follows from the module built."""
    source = (CORPUS / entry.source).read_text(encoding="utf-8")
    return replace(
        entry,
        interface=interface_of(entry),
        toolchain=version(entry.compiler, toolchains),
        licences=licences_of(entry, source),
        features=features_of(data),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def build_all(entries: list[Entry], toolchains: Path | None, names: list[str]) -> dict[str, tuple[Entry, bytes]]:
    """Build the entries whose file name contains one of ``names`` (all, if there is none)."""
    built = {}
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries:
            chosen = not names or any(name in entry.file for name in names)
            if chosen and (toolchains is not None or entry.compiler == "wat2wasm"):
                data = build(entry, toolchains, Path(folder))
                built[entry.file] = (describe(entry, data, toolchains), data)
    return built


def differences(entries: list[Entry], built: dict[str, tuple[Entry, bytes]]) -> list[str]:
    """Modules that no longer come out as recorded."""
    recorded = {entry.file: entry.sha256 for entry in entries}
    return [file for file, (entry, _) in built.items() if entry.sha256 != recorded[file]]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--toolchains", type=Path, metavar="DIR", help="where tools/rust-toolchain.sh put the compilers"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a module comes out differently")
    parser.add_argument("names", nargs="*", help="only modules whose file name contains one of these")
    arguments = parser.parse_args()
    toolchains = arguments.toolchains.resolve() if arguments.toolchains else None
    entries = read_manifest(MANIFEST.read_text(encoding="utf-8"))
    try:
        built = build_all(entries, toolchains, arguments.names)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 3
    print(f"{len(built)} of {len(entries)} modules built, {sum(len(data) for _, data in built.values())} bytes")
    if arguments.check:
        wrong = differences(entries, built)
        print(*(f"differs: {file}" for file in wrong), sep="\n", end="\n" if wrong else "")
        return 1 if wrong else 0
    for file, (_, data) in built.items():
        path = CORPUS / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    MANIFEST.write_text(write_manifest([built.get(e.file, (e, b""))[0] for e in entries]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
