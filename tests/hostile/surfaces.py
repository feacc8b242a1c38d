"""Where files come in: ``Module.from_bytes`` at every level of checks, and every verb with every file it reads.

Each surface runs one spoilt file. Not here: spoiling (``attack``), what is spoilt (``sources``).
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeAlias

from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import InternalError, InvalidError, MalformedError, WasmError
from wasmrewrite.model import Module

Level: TypeAlias = Literal["frame", "decode", "validate"]
LEVELS: Final[tuple[Level, ...]] = ("frame", "decode", "validate")
MODULE: Final = "in.wasm"
_EXPECTED: Final = (0, 1, 2, 3, 5)
_PLACE: Final = re.compile(r"\(at 0x[0-9a-f]+\)|: (?:[\w ]+ section|[\w ]+\[\d+\]): |: debug information ")
_RUN: Final = ("run", MODULE, "--fuel", "20000", "--memory-limit", "4M")


@dataclass(frozen=True)
class Surface:
    """``file`` is the one that is spoilt; ``source`` says what it was made of, by the name of a file of ``world``."""

    name: str
    run: Callable[[bytes], str]
    source: str = MODULE
    weight: int = 1
    rounds: int = 1
    """How often it works through a file of that size."""


def levels() -> Iterator[Surface]:
    """Reading."""
    for level in LEVELS:
        yield Surface(f"from_bytes/{level}", partial(_read, level), weight=60)


def _read(level: Level, data: bytes) -> str:
    try:
        found = Module.from_bytes(data, check=level).to_bytes()
    except (MalformedError, InvalidError) as error:
        if error.position.offset is None and not error.position.path:
            return f"no place: {error}"
        return ""
    except InternalError:
        raise
    except WasmError:
        return ""
    return "" if found == data else "written back otherwise"


@contextmanager
def _streams(*mine: io.TextIOWrapper) -> Iterator[None]:
    old = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = mine
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = old


def said_by(arguments: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and standard error of a command line, run in this process."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(3)]
    with _streams(*streams):
        code = call(arguments)
    streams[2].seek(0)
    return code, streams[2].buffer.read().decode("utf-8", "replace")


def complaint(arguments: tuple[str, ...]) -> str:
    """What is wrong with how a verb took a file; empty if nothing is."""
    code, said = said_by(arguments)
    first = said.partition("\n")[0]
    if "internal error" in first or "Traceback" in said:
        return first
    if arguments[0] != "run" and code not in _EXPECTED:
        return f"exit code {code}: {first}"
    if re.search(r": (malformed|invalid): ", first) and not _PLACE.search(first):
        return f"no place: {first}"
    return ""


@dataclass
class World:
    """A folder with good files. A verb reads one spoilt file among them, and whatever else it needs."""

    folder: Path
    files: Mapping[str, bytes] = field(default_factory=dict)

    def restore(self) -> None:
        """Write all files as they were."""
        for name, data in self.files.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def verb(
        self, *arguments: str, spoilt: str = MODULE, weight: int = 1, rounds: int = 1, label: str = ""
    ) -> Surface:  # fmt: skip
        """A verb that reads ``spoilt``. Words with a slash or a dot that name files are paths in the folder."""
        words = tuple(str(self.folder / each) if self._is_file(each) else each for each in arguments)

        def run(data: bytes) -> str:
            (self.folder / spoilt).write_bytes(data)
            try:
                return complaint(words)
            finally:
                (self.folder / spoilt).write_bytes(self.files[spoilt])

        return Surface(label or " ".join(arguments), run, spoilt, weight, rounds)

    def _is_file(self, word: str) -> bool:
        return word in self.files or any(name.startswith(f"{word}/") for name in self.files)

    def surfaces(self) -> Iterator[Surface]:
        """Every verb with every file that it reads."""
        yield from self._about_modules()
        yield from self._about_rewriting()
        yield from self._about_judging()
        yield from self._about_text()

    def _about_modules(self) -> Iterator[Surface]:
        for form in ("text", "json"):
            yield self.verb("info", MODULE, "--format", form)
            yield self.verb("explain", MODULE, "--format", form)
        yield self.verb("info", MODULE, "--draft-declarations")
        yield self.verb("print", MODULE, "--offsets")
        yield self.verb("print", MODULE, "--only", "imports,funcs")
        yield self.verb("assemble", "in.wat", "--check", spoilt="in.wat")
        yield self.verb("info", "in.wat", spoilt="in.wat")
        for form in ("text", "dot", "json"):
            yield self.verb("callgraph", MODULE, "--format", form)
        yield self.verb("callgraph", MODULE, "--to-imports")
        for form in ("text", "json", "sarif", "github"):
            yield self.verb("lint", MODULE, "--format", form, "--config", "none.toml")
        yield self.verb("lint", MODULE, "--fix", "-o", "-")
        yield self.verb("lint", "plain.wasm", "--against", MODULE)
        yield self.verb(*_RUN)
        yield self.verb(*_RUN, "--stub-imports", "--invoke", "f0", "--format", "json")
        yield self.verb(*_RUN, "--host-seed", "1", "--invoke", "get_two_i64s", "--declarations", "interface.toml")
        yield self.verb("reduce", MODULE, "-o", "-", "--test", "true", "--max-attempts", "1", rounds=6)
        yield self.verb("fuzz", "--max-cases", "1", "--corpus", "corpus", spoilt="corpus/a.wasm")

    def _about_rewriting(self) -> Iterator[Surface]:
        passes = {
            "add-start": ("function=f0",),
            "multi-value": ("export=get_two_i64s=(i64, i64)", "layouts=dwarf", "original-export=keep"),
            "remove-start": ("export=main",),
            "rename-imports": ("module=*=x.*",),
            "strip-custom": ("keep=name",),
        }
        for name, options in passes.items():
            sets = [word for option in options for word in ("--set", f"{name}.{option}")]
            yield self.verb("rewrite", MODULE, "-o", "-", "--verbose", "--pass", name, *sets)
        yield self.verb("rewrite", MODULE, "--check", "--config", "wasmrewrite.toml")
        yield self.verb("rewrite", "plain.wasm", "-o", "-", "--pass", "multi-value", "--declarations", "interface.toml",
                        spoilt="interface.toml")  # fmt: skip
        yield self.verb("rewrite", "plain.wasm", "-o", "-", "--config", "wasmrewrite.toml", spoilt="wasmrewrite.toml")
        yield self.verb("lint", "plain.wasm", "--config", "wasmrewrite.toml", spoilt="wasmrewrite.toml")

    def _about_judging(self) -> Iterator[Surface]:
        few = ("--calls", "4")
        yield self.verb("verify", MODULE, MODULE, *few, rounds=2)
        yield self.verb("verify", "plain.wasm", MODULE, *few)
        yield self.verb("verify", MODULE, "plain.wasm", *few, "--contract", "contract.json")
        yield self.verb("verify", "plain.wasm", "after.wasm", *few, "--contract", "contract.json", weight=4,
                        spoilt="contract.json")  # fmt: skip
        yield self.verb("verify", "plain.wasm", "after.wasm", *few, "--declarations", "interface.toml",
                        spoilt="interface.toml")  # fmt: skip
        yield self.verb("verify", "plain.wasm", "after.wasm", "--replay", "script.json", spoilt="script.json", weight=3)
        for name in self.files:
            if name.startswith("case/"):
                yield self.verb("verify", *few, "--case", "case", spoilt=name, label=f"verify --case, {name}")

    def _about_text(self) -> Iterator[Surface]:
        yield self.verb("lint", "plain.wasm", "--baseline", "baseline.json", "--config", "none.toml",
                        spoilt="baseline.json")  # fmt: skip
        yield self.verb("lint", "plain.wasm", "--against", "interface.toml", "--config", "none.toml",
                        spoilt="interface.toml")  # fmt: skip
        yield self.verb("run", "plain.wasm", "--stub-imports", "--invoke", "get_two_i64s", "--declarations",
                        "interface.toml", spoilt="interface.toml")  # fmt: skip
