"""What lint finds in every module of the corpus, and in large public ones where they have been fetched, word for word.

``--bless`` writes the expectations anew. Of public modules only places and rules are kept, and names unless they are
paths of the machines that built them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmrewrite.lint import Finding, lint
from wasmrewrite.model import Module

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
CORPUS = sorted((ROOT / "corpus" / "built").glob("*.wasm"))
PUBLIC = sorted((ROOT / ".cache" / "modules").glob("*.wasm"))


def line(each: Finding) -> str:
    """A finding on one line."""
    where = ": ".join(each.position.path) or "file"
    name = "" if each.rule == "absolute-path" else f" {each.name!r}"
    fix = f" [{each.fix.pass_name}]" if each.fix is not None else ""
    return f"  0x{each.position.offset or 0:x} {where}: {each.severity} {each.code} {each.rule}{name}{fix}"


def compare(text: str, file: Path, bless: bool) -> None:
    """Hold ``text`` against a file, or write it there."""
    if bless:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_the_corpus(bless: bool) -> None:
    parts = []
    for path in CORPUS:
        found = lint(Module.from_file(path))
        parts += [f"{path.name}: {len(found)}", *(f"{line(each)}\n    {each.message}" for each in found)]
    compare("\n".join(parts) + "\n", HERE / "corpus.txt", bless)


def test_public_modules(bless: bool) -> None:
    if not PUBLIC:
        pytest.skip("no large modules here: make modules")
    expected = {part.partition(":")[0]: part for part in (HERE / "public.txt").read_text("utf-8").split("\n\n")}
    parts = []
    for path in PUBLIC:
        found = lint(Module.from_file(path))
        parts.append("\n".join([f"{path.name}: {len(found)}", *map(line, found)]))
        assert bless or parts[-1] == expected[path.name].rstrip("\n")
    if bless:
        (HERE / "public.txt").write_text("\n\n".join(parts) + "\n", "utf-8")
