"""No shell completed anything: the command line never answered what click's scripts ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.completion import answer
from wasmrewrite.cli.verbs import VERBS, wasmrewrite

VARIABLE = "_WASMREWRITE_COMPLETE"
MODULE = """(module
  (import "js" "log" (func $imported (param i32)))
  (memory (export "memory") 1)
  (func $inner (export "get_a") (result i32) i32.const 1)
  (func (export "get_b") (param i32))
  (func (export "odd name")) (func (export "get_$(touch x)")) (func (export "get_\\n")) (func (export "*"))
  (func (export "get_'")) (func (export "-get")) (func $_ZN3app3run17h0123456789abcdefE))
"""

Complete: TypeAlias = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.wasm").write_bytes(wat(MODULE))
    (tmp_path / "bad.wasm").write_bytes(b"\0asm\1\0\0\0\7\xff")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def complete(folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Complete:
    """What is offered for the last of the words, in the form ``TYPE,VALUE``."""

    def complete(*words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", " ".join(["wasmrewrite", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert answer(wasmrewrite, VARIABLE, "bash_complete") == 0
        said = capfdbinary.readouterr()
        assert said.err == b""
        return said.out.decode().split()

    return complete


FUNCTIONS = ["plain,get_a", "plain,get_b"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("ver",), ["plain,verify"]),
        (("--ver",), ["plain,--version"]),
        (("lint", "--fail"), ["plain,--fail-on"]),
        (("lint", "--fail-on", ""), ["plain,note", "plain,warning", "plain,error"]),
        (("lint", "--select", "WR11"), [f"plain,WR11{digit}" for digit in range(6)]),
        (("lint", "--ignore", "env-m"), ["plain,env-mangled"]),
        (("lint", "a"), ["file,a"]),
        (("rule", "env-im"), ["plain,env-import"]),
        (("passes", "m"), ["plain,multi-value"]),
        (("rewrite", "app.wasm", "--pass", "add"), ["plain,add-start"]),
        (("rewrite", "--set", "strip-custom.p"), ["plain,strip-custom.pattern="]),
        (("rewrite", "app.wasm", "--pass", "strip-custom", "--set", "a"), []),
        (("fuzz", "--passes", "add-start,mul"), ["plain,add-start,multi-value"]),
        (("run", "app.wasm", "--invoke", ""), FUNCTIONS),
        (("run", "app.wasm", "--invoke", "get_b"), FUNCTIONS[1:]),
        (("run", "--dir", "s"), ["dir,s"]),
        (("callgraph", "app.wasm", "--from", "g"), FUNCTIONS),
        (("callgraph", "app.wasm", "--depth", "2", "--to", "js"), ["plain,js.log"]),
        (("callgraph", "app.wasm", "--to", "_ZN"), ["plain,_ZN3app3run17h0123456789abcdefE"]),
        (("callgraph", "app.wasm", "--to=inn"), ["plain,inner"]),
        (("verify", "app.wasm", "bad.wasm", "--expect-start", ""), FUNCTIONS),
        # a module that cannot be read, that is not there, that is not a file, none at all
        (("run", "bad.wasm", "--invoke", ""), []),
        (("callgraph", "none.wasm", "--from", ""), []),
        (("callgraph", "/dev/stdin", "--from", ""), []),
        (("callgraph", "sub", "--from", ""), []),
        (("callgraph", "--from", ""), []),
    ],
)  # fmt: skip
def test_what_is_offered(complete: Complete, words: tuple[str, ...], expected: list[str]) -> None:
    assert complete(*words) == expected


def test_all_verbs_are_offered_without_importing_them(complete: Complete) -> None:
    assert complete("") == [f"plain,{name}" for name in VERBS]


def test_names_that_a_shell_would_read_otherwise_are_not_offered(complete: Complete) -> None:
    assert complete("run", "app.wasm", "--invoke", "") == FUNCTIONS
    offered = complete("callgraph", "app.wasm", "--from", "")
    assert offered == [
        *FUNCTIONS,
        "plain,js.log",
        "plain,imported",
        "plain,inner",
        "plain,_ZN3app3run17h0123456789abcdefE",
    ]


def test_a_pipe_is_not_waited_for(complete: Complete, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert complete("run", "pipe", "--invoke", "") == []


# --- real shells ------------------------------------------------------------------------------------------------------


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """One in which ``wasmrewrite`` is this one, and nothing of the user's configuration counts."""
    script = folder / "bin" / "wasmrewrite"
    script.parent.mkdir()
    script.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from wasmrewrite.cli.__main__ import main; main()' \"$@\"\n"
    )
    script.chmod(0o755)
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(script.parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(root), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


def shell(environment: dict[str, str], name: str, *options: str, script: str) -> list[str]:
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} here")
    done = subprocess.run([name, *options, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


BASH = """
eval "$(_WASMREWRITE_COMPLETE=bash_source wasmrewrite)"
complete -p wasmrewrite >/dev/null
COMP_WORDS=(wasmrewrite {words}); COMP_CWORD={count}
compopt() {{ echo "compopt:$*"; }}
_wasmrewrite_completion wasmrewrite
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -U compinit && compinit -u -d {dump}
eval "$(_WASMREWRITE_COMPLETE=zsh_source wasmrewrite)"
[[ $_comps[wasmrewrite] == _wasmrewrite_completion ]]
words=(wasmrewrite {words}); CURRENT={current}
_describe() {{ print -l "${{(@)completions_with_descriptions%%:*}}"; }}
compadd() {{ print -l $completions; }}
_path_files() {{ print "files$1"; }}
_wasmrewrite_completion
"""
FISH = """
_WASMREWRITE_COMPLETE=fish_source wasmrewrite | source
complete -C "wasmrewrite {words}" | string split --fields 1 \\t
true
"""
ASKED = [
    ("pass", ["passes"]),
    ("run app.wasm --invoke get", ["get_a", "get_b"]),
    ("rewrite app.wasm --pass add", ["add-start"]),
    ("rule env-m", ["env-mangled"]),
]


@pytest.mark.parametrize(("words", "expected"), ASKED)
def test_bash(environment: dict[str, str], words: str, expected: list[str]) -> None:
    script = BASH.format(words=words, count=len(words.split()))
    assert shell(environment, "bash", "--norc", script=script) == expected


@pytest.mark.parametrize(("words", "expected"), ASKED)
def test_zsh(environment: dict[str, str], folder: Path, words: str, expected: list[str]) -> None:
    script = ZSH.format(words=words, current=len(words.split()) + 1, dump=folder / "dump")
    assert shell(environment, "zsh", "-f", script=script) == expected


@pytest.mark.parametrize(("words", "expected"), ASKED)
def test_fish(environment: dict[str, str], words: str, expected: list[str]) -> None:
    assert shell(environment, "fish", "--no-config", script=FISH.format(words=words)) == expected


@pytest.mark.parametrize(("name", "expected"), [("bash", ["compopt:-o", "default"]), ("zsh", ["files-f"])])
def test_files_are_the_shells_own_affair(
    environment: dict[str, str], folder: Path, name: str, expected: list[str]
) -> None:
    scripts = {
        "bash": BASH.format(words="info a", count=2),
        "zsh": ZSH.format(words="info a", current=3, dump=folder / "dump"),
    }
    assert shell(environment, name, "--norc" if name == "bash" else "-f", script=scripts[name]) == expected
