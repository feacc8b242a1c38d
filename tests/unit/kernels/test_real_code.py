"""The kernels on code that compilers and the official suite made."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from tests.helpers.external import ROOT, fetched_modules, suite_folder
from tests.unit.kernels.bodies import bodies
from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.immediates import Space
from wasmrewrite.kernels.decode import decode
from wasmrewrite.kernels.encode import encode
from wasmrewrite.kernels.remap import remap
from wasmrewrite.kernels.scan import find_operands, find_ops
from wasmrewrite.kernels.skip import skip_expr

CORPUS = sorted((ROOT / "corpus").rglob("*.wasm"))
WELL_FORMED = {"module", "module_definition", "assert_invalid", "assert_unlinkable", "assert_uninstantiable"}
FUNC = frozenset({Space.FUNC})
BY_ONE = {Space.FUNC: {index: index + 1 for index in range(100_000)}}
CALLS = frozenset({"call", "return_call", "ref.func"})


def check(data: bytes, step: int = 1) -> int:
    """Compare the kernels with each other on every ``step``-th body; return how many instructions there were."""
    count = 0
    for start, end in islice(bodies(data), None, None, step):
        decoded = decode(data, start, end)
        count += len(decoded)
        assert encode((op, operands) for _, op, operands in decoded) == data[start:end]
        assert skip_expr(data, start, end) == end
        calls = [(offset, op) for offset, op, _ in decoded if op.name in CALLS]
        assert find_ops(data, start, end, CALLS) == calls
        named = [(value, op) for _, _, _, value, op in find_operands(data, start, end, FUNC)]
        assert named == [(operands[0], op) for _, op, operands in decoded if op.name in CALLS]
    return count


def check_shift(data: bytes) -> None:
    """Move every function index by one, as an added import does, and look at the result."""
    for start, end in bodies(data):
        moved = remap(data, start, end, BY_ONE)
        after = data[start:end] if moved is None else moved
        before = find_operands(data, start, end, FUNC)
        found = find_operands(after, 0, len(after), FUNC)
        expected = [BY_ONE[Space.FUNC].get(value, value) for _, _, _, value, _ in before]
        assert [value for _, _, _, value, _ in found] == expected
        assert (moved is None) is (expected == [value for _, _, _, value, _ in before])
        assert [op for _, op, _ in decode(after, 0, len(after))] == [op for _, op, _ in decode(data, start, end)]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_corpus(path: Path) -> None:
    data = path.read_bytes()
    assert check(data) > 0 or not list(bodies(data))
    check_shift(data)


def suite_scripts() -> list[Path]:
    folder = suite_folder()
    return [] if folder is None else sorted(folder.rglob("*.json"))


@pytest.mark.parametrize("script", suite_scripts(), ids=lambda path: path.stem)
def test_official_suite(script: Path) -> None:
    """Well-formed modules come back as they were; malformed ones are refused with a place, or not here."""
    for command in json.loads(script.read_text("utf-8"))["commands"]:
        name = command.get("filename", "")
        if not name.endswith(".wasm"):
            continue
        data = (script.parent / name).read_bytes()
        if command["type"] in WELL_FORMED:
            check(data)
            check_shift(data)
        else:
            refuses_cleanly(data)


def refuses_cleanly(data: bytes) -> None:
    offset: int | None = 0
    try:
        check(data)
    except MalformedError as error:
        offset = error.position.offset
    assert offset is not None


@pytest.mark.slow
@pytest.mark.parametrize("path", fetched_modules(), ids=lambda path: path.name)
def test_fetched_module(path: Path) -> None:
    data = path.read_bytes()
    assert check(data, 1 + len(data) // 1_000_000) > 10_000
