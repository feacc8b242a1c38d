"""What only a real process shows: closed pipes, terminals, signals, hash seeds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.wat import wat

CLI = [sys.executable, "-m", "wasmrewrite"]
START = ["--pass", "add-start", "--set", "add-start.function=init"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {**os.environ, **environment}
    return subprocess.run([*CLI, *arguments], env=clean, capture_output=True, check=False)


def test_a_closed_pipe_is_no_news(folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*CLI, "info", "in.wasm"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def heed_interrupts() -> None:
    """In a child: what shells start in the background ignores them, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "forever.wasm").write_bytes(
        wat('(module (import "h" "f" (func)) (func (export "forever") call 0 (loop br 0)))')
    )
    command = [*CLI, "run", str(tmp_path / "forever.wasm"), "--invoke", "forever", "--stub-imports", "--trace"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_interrupts
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b'host: "h" "f" ()\n'
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")


def on_terminal(*arguments: str) -> tuple[int, str]:
    """Run with standard output on a terminal; the exit code and what the terminal got."""
    master, slave = os.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    process = subprocess.Popen([*CLI, *arguments], stdout=slave, stderr=subprocess.STDOUT, env=environment)
    os.close(slave)
    got = _rest(master)
    return process.wait(), got.decode()


def test_a_module_does_not_go_to_a_terminal(folder: Path) -> None:
    code, said = on_terminal("rewrite", "in.wasm", "-o", "-", *START)
    assert code == 2
    assert "the output is binary and would go to a terminal" in said
    assert "asm" not in said.replace("wasm", "")


def test_reports_do_and_names_are_no_markup(tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(wat('(module (func (export "[red]:smile:[/red]\\1b[31m")))'))
    code, said = on_terminal("info", str(tmp_path / "m.wasm"))
    assert code == 0
    assert '"[red]:smile:[/red]\\u{1b}[31m"' in said


def test_nothing_fails_where_the_terminal_knows_ascii_only(tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(wat('(module (func (export "naïve")))'))
    done = run("info", str(tmp_path / "m.wasm"), PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert b'"na\\xefve"' in done.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_hash_seeds_do_not_show(folder: Path, form: str) -> None:
    outputs = set()
    for seed in ("0", "1", "2"):
        files = ["in.wasm", "-o", "out.wasm", "--declarations", "interface.toml", "--write-contract", "c.json"]
        done = run("rewrite", *files, "--pass", "multi-value", *START, "--verbose", PYTHONHASHSEED=seed)
        judged = run("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--format", form, PYTHONHASHSEED=seed)
        written = (folder / "out.wasm").read_bytes(), (folder / "c.json").read_bytes()
        outputs.add((done.stdout, done.stderr, judged.stdout, *written))
    assert len(outputs) == 1


def test_both_ways_in_are_the_same() -> None:
    assert run("--version").stdout == b"wasmrewrite 0.1.0\n"
    script = Path(sys.executable).with_name("wasmrewrite")
    if not script.exists():
        pytest.skip("wasmrewrite is not installed here")
    assert subprocess.run([script, "--version"], capture_output=True, check=True).stdout == b"wasmrewrite 0.1.0\n"


def told_by_fuzz(*arguments: str, **environment: str) -> object:
    campaign = ("--max-cases", "20", "--seed", "same", "--coverage", "--format", "json")
    done = run("fuzz", *campaign, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_campaigns_do_not_depend_on_jobs_and_hash_seeds() -> None:
    once = told_by_fuzz(PYTHONHASHSEED="1")
    assert told_by_fuzz("--jobs", "2", PYTHONHASHSEED="2") == once


def test_a_campaign_shows_how_far_it_is_on_terminals_only() -> None:
    _, said = on_terminal("fuzz", "--max-cases", "12", "--passes", "strip-custom")
    assert "\r[" in said
    assert said.splitlines()[-1].startswith("\x1b[K12 cases, ")
    done = run("fuzz", "--max-cases", "2", "--passes", "strip-custom")
    assert (b"\r" in done.stdout, done.stderr) == (False, b"")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_campaign_is_quiet(jobs: str) -> None:
    """As from a terminal: the whole group gets the signal."""
    command = [*CLI, "fuzz", "--max-time", "5m", "--jobs", jobs, "--passes", "strip-custom"]
    master, slave = os.openpty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=slave, start_new_session=True, preexec_fn=heed_interrupts
    ) as process:
        os.close(slave)
        said = b""
        while b"\r[" not in said:  # the bar: it is under way
            said += os.read(master, 1024)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate()
    said += _rest(master)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in said
    assert b"error" not in said


def _rest(master: int) -> bytes:
    got = b""
    try:
        while more := os.read(master, 65536):
            got += more
    except OSError:  # the other end is closed
        pass
    os.close(master)
    return got
