from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.wat import wat
from tests.unit.cli.conftest import Cli
from tests.unit.cli.test_poison import EVIL, assert_harmless, poison

TEXT = """
(module
  (type $f (func (param i32) (result i32)))
  (import "env" "log" (func $log (type $f)))
  (import "env" "other" (func $other))
  (table (export "table") 3 funcref)
  (elem (i32.const 0) func $inc $dec)
  (func $inc (type $f) local.get 0)
  (func $dec (type $f) local.get 0  call $inc  call $log  call $log)
  (func $run (export "run") (type $f) local.get 0  call $dec  call $_ZN1a1b17h0123456789abcdefE)
  (func $_ZN1a1b17h0123456789abcdefE (type $f) local.get 0  local.get 0  call_indirect (type $f)  return_call $run)
  (func $twice (@name "same")) (func $again (@name "same") call $other)
  (func $begin)
  (start $begin))
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "app.wasm"
    path.write_bytes(wat(TEXT))
    return path


@pytest.fixture
def data(app: Path, cli: Cli) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("callgraph", "app.wasm", "--format", "json").text)
    return found


def test_tree(app: Path, cli: Cli) -> None:
    assert (
        cli("callgraph", "app.wasm").text
        == """\
app.wasm: 7 functions, 2 imported
table 0: 3 functions, or others? (exported as 'table')

export "run": 4 run
  3 dec
    2 inc
    0 import "env" "log"
  5 a::b
    4 run (cycle)
    ? table 0, [i32] -> [i32]: 2 inc, 3 dec, 4 run, or others?
the start function: 8 begin

not reached from here by direct calls: 2 functions, nor by others
"""
    )


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("--from", "dec"), ["function 3: 3 dec", "  2 inc", '  0 import "env" "log"']),
        (("--from", "run", "--depth", "0"), ['export "run": 4 run ...']),
        (("--from", "run", "--depth", "1"), ['export "run": 4 run', "  3 dec ...", "  5 a::b ..."]),
        (("--from", "a::b", "--depth", "1", "--no-demangle"), [
            "function 5: 5 _ZN1a1b17h0123456789abcdefE", "  4 run ...",
            "  ? table 0, [i32] -> [i32]: 2 inc, 3 dec, 4 run, or others?"]),
        (("--to", "env.other"), ['nothing asked for reaches 1 import "env" "other"']),
        (("--to", "_ZN1a1b17h0123456789abcdefE"), [
            'export "run" reaches 5 a::b in 1 call', "  4 run", "  call at 0x91: 5 a::b"]),
        (("--from", "7", "--to-imports"), [
            'function 7 reaches 1 import "env" "other" in 1 call', "  7 same",
            '  call at 0xa3: 1 import "env" "other"']),
        (("--from", "2", "--to-imports"), ["no import is reached"]),
    ],
)  # fmt: skip
def test_questions(app: Path, cli: Cli, arguments: tuple[str, ...], lines: list[str]) -> None:
    said = cli("callgraph", "app.wasm", *arguments)
    assert (said.code, said.err) == (0, "")
    shown = re.sub(r"at 0x[0-9a-f]+", "at 0x", said.text)
    assert shown.split("\n\n", 1)[1].splitlines()[: len(lines)] == [
        re.sub(r"at 0x[0-9a-f]+", "at 0x", line) for line in lines
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "error: no function is called 'nobody'"),
        ("99", "error: no function is called '99'"),
        ("same", "error: 2 functions are called 'same'; give the index of one: 6, 7"),
    ],
)
def test_names_that_mean_no_one_function(app: Path, cli: Cli, name: str, said: str) -> None:
    result = cli("callgraph", "app.wasm", "--from", name)
    assert (result.code, result.err.splitlines()[0]) == (2, said)


def test_json(data: dict[str, Any]) -> None:
    assert data["schema"] == "wasmrewrite.callgraph/1"
    functions = data["functions"]
    assert [each["index"] for each in functions] == list(range(9))
    assert functions[0]["import"] == {"module": "env", "name": "log"}
    assert functions[5]["readable"] == "a::b"
    assert [(edge["kind"], edge.get("to"), len(edge["offsets"])) for edge in functions[3]["edges"]] == [
        ("call", 2, 1),
        ("call", 0, 2),
    ]
    through = functions[5]["edges"][0]
    assert (through["kind"], through["set"], through["exact"]) == ("call_indirect", 0, False)
    assert data["sets"] == [
        {"number": 0, "table": 0, "type": "[i32] -> [i32]", "functions": [2, 3, 4], "complete": False}
    ]
    assert (data["exports"], data["start"], data["roots"]) == ([{"name": "run", "function": 4}], 8, [4, 8])


def test_json_of_a_way(app: Path, cli: Cli) -> None:
    found = json.loads(cli("callgraph", "app.wasm", "--to", "env.log", "--format", "json").text)
    (way,) = found["ways"]
    assert (way["of"], [(step["caller"], step["callee"]) for step in way["steps"]]) == (4, [(4, 3), (3, 0)])
    assert [each["index"] for each in found["functions"]] == [0, 3, 4, 5]


def test_dot(app: Path, cli: Cli) -> None:
    lines = cli("callgraph", "app.wasm", "--format", "dot").text.splitlines()
    assert (lines[0], lines[-1]) == ("digraph calls {", "}")
    for line in (
        '  f0 [label="0 import \\"env\\" \\"log\\"" style=dashed];', '  f5 [label="5 a::b"];',
        "  f3 -> f0;", "  f5 -> s0 [style=dashed];",
        "  held -> f3 [style=dashed];",
        "  s0 -> f4 [style=dashed];", '  s0 -> host [style=dashed label="?"];', '  host -> f8 [label="start"];',
    ):  # fmt: skip
        assert lines.count(line) == 1


def test_edges_stay_within_what_is_shown(app: Path, cli: Cli) -> None:
    text = cli("callgraph", "app.wasm", "--from", "dec", "--format", "dot").text
    assert set(re.findall(r"\bf\d+\b", text)) == {"f0", "f2", "f3"}


@pytest.mark.parametrize("form", ["text", "dot", "json"])
@pytest.mark.parametrize("question", [(), ("--to-imports",), ("--to", "0"), ("--no-demangle", "--from", EVIL)])
def test_hostile_names(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, question: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("poison.wasm").write_bytes(poison())
    said = cli("callgraph", "poison.wasm", "--format", form, *question)
    assert (said.code, said.err) == (0, "")
    assert_harmless(said)


def test_output_goes_into_a_file(app: Path, cli: Cli) -> None:
    shown = cli("callgraph", "app.wasm").out
    said = cli("callgraph", "app.wasm", "-o", "graph.txt")
    assert (said.code, said.out) == (0, b"")
    assert Path("graph.txt").read_bytes() == shown


def test_bad_input(cli: Cli) -> None:
    said = cli("callgraph", "-", stdin=b"\0asm\x01\0\0\0\x0a\x01\x01")
    assert said.code == 3
    assert said.err.startswith("error: standard input: ")


def test_deep_nesting_neither_recurses_nor_indents_forever(cli: Cli) -> None:
    count = 2000
    funcs = " ".join(f"(func call {index + 1})" for index in range(count))
    said = cli("callgraph", "-", "--from", "0", "--full", stdin=wat(f"(module {funcs} (func))"))
    lines = said.text.splitlines()
    assert max(map(len, lines)) < 120
    assert lines[-1].strip() == f"({count}) {count}"


def broad(roots: int, calls: int) -> bytes:
    """``roots`` exported functions that each call ``calls`` others, which each call one more."""
    leaf = roots + roots * calls
    tops = [
        f'(func (export "r{at}") {" ".join(f"call {roots + at * calls + each}" for each in range(calls))})'
        for at in range(roots)
    ]
    return wat(f"(module {' '.join(tops)} {f'(func call {leaf}) ' * roots * calls} (func))")


def test_a_tree_that_nobody_would_read_is_cut_short(cli: Cli) -> None:
    lines = cli("callgraph", "-", stdin=broad(4, 60)).text.splitlines()
    assert lines[2:6] == ['export "r0": 0', "  4", "    244", "  5"]
    assert lines[25:29] == ["  15", "    244", "  ... and 48 more", 'export "r1": 1']
    assert lines[-2:] == [
        "cut short: the tree has 484 lines",
        "  --from, --to, --depth and --to-imports choose, --full shows all of it",
    ]
    whole = cli("callgraph", "-", "--full", stdin=broad(4, 60)).text.splitlines()
    assert (len(whole) - 2, sum("more" in line for line in whole)) == (484, 0)
    assert len(cli("callgraph", "-", "--depth", "2", stdin=broad(4, 60)).text.splitlines()) - 2 == 484


def test_a_tree_of_many_roots_is_cut_short(cli: Cli) -> None:
    lines = cli("callgraph", "-", stdin=broad(150, 4)).text.splitlines()
    assert lines[2:7] == ['export "r0": 0', "  150 ...", "  151 ...", "  152 ...", "  ... and 1 more"]
    assert lines[2 + 500] == "... and 50 more to begin with"


def test_long_names_are_cut_short(cli: Cli) -> None:
    name = "a" * 10_000
    text = f'(module (func $f (@name "{name}")) (func (export "{name}") call $f))'
    assert len(cli("callgraph", "-", stdin=wat(text)).text) < 2000
