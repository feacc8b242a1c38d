"""A key of 30,000 parts in a configuration took 3.5 GB, and any configuration found by walking up could have one.

A configuration that was a pipe, or named a device as its interface, was read until memory was full, or for ever.
"""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite.toml import LARGEST, parse_toml


def dotted(parts: int) -> str:
    return ".".join(["a"] * parts)


def many(template: str, count: int) -> str:
    return "".join(template.format(key=f"k{index:x}.{dotted(15)}") for index in range(count))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{dotted(30_000)} = 1", "a key of more than 16 parts (at line 1, column 32)"),
        (f"x = 1\n[{dotted(30_000)}]", "a key of more than 16 parts (at line 2, column 33)"),
        (f"[[ {' . '.join('a' * 17)} ]]", "a key of more than 16 parts (at line 1, column 66)"),
        (f"x = {{ {dotted(17)} = 1 }}", "a key of more than 16 parts (at line 1, column 38)"),
        (f"""x = '''a''''\n"y'" . {dotted(16)} = 1""", "a key of more than 16 parts (at line 2, column 37)"),
        (f"x = {'[' * 17}", "nested more than 16 deep (at line 1, column 21)"),
        (f"x = {'{a=' * 17}", "nested more than 16 deep (at line 1, column 53)"),
        (many("{key} = 1\n", 5_000), "too many keys of several parts (at line 4167, column 30)"),
        (many("[{key}]\n", 5_000), "too many keys of several parts (at line 4167, column 31)"),
        ("#" * (LARGEST + 1), "larger than 1 MiB"),
    ],
)
def test_documents_that_take_long_to_read_are_refused_before(text: str, message: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ConfigError) as caught:
            parse_toml(text, "x.toml")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.message == f"x.toml: {message}"
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        f"{dotted(16)} = 1",
        f"x = {'[' * 16}{']' * 16}",
        f"x = '{dotted(30)}' # {dotted(30)}",
        f'x = "\\"{dotted(30)}[[[[[[[[[[[[[[[[[[[["',
        f'x = """{dotted(30)}"{dotted(30)}\\"""{dotted(30)}"""""',
        f"x = '''{dotted(30)}'{dotted(30)}\n[[[[[[[[[[[[[[[[[[[['''''",
        "\n".join(f"[[export]]\nname = 'f{index}'\nresult = '(i64, i64)'" for index in range(10_000)),
    ],
)
def test_other_documents_are_read(text: str) -> None:
    assert parse_toml(text, "x.toml")


@pytest.mark.parametrize("text", ['x = "' + '\\"' * 300_000, 'x = """' + '\\"""' * 200_000, "x = " + "'" * 500_001])
def test_strings_without_an_end_are_the_parsers_business(text: str) -> None:
    with pytest.raises(ConfigError, match=r"x.toml: [A-Z]"):
        parse_toml(text, "x.toml")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module, two below the one that the path leads to."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "m.wasm").write_bytes(wat('(module (func (export "init")))'))
    monkeypatch.chdir(folder)
    return tmp_path


LINT = ["lint", "m.wasm"]
REWRITE = ["rewrite", "m.wasm", "-o", "out.wasm", "--pass", "add-start", "--set", "add-start.function=init"]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert call(arguments) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("arguments", [LINT, REWRITE])
def test_a_pipe_that_is_found_is_not_waited_for(
    arguments: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(project / "wasmrewrite.toml")
    message = refused(arguments, capsys)
    assert str(project / "wasmrewrite.toml") in message
    assert "is not a regular file" in message


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "-"])
def test_a_configuration_names_no_pipe_or_device_as_interface(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(project / "pipe")
    Path("wasmrewrite.toml").write_text(f'interface = "{name.replace("pipe", str(project / "pipe"))}"')
    assert "is not a regular file" in refused([*REWRITE, "--config", "wasmrewrite.toml"], capsys)
    Path("wasmrewrite.toml").write_text(f'lint.against = ["{name.replace("pipe", str(project / "pipe"))}"]')
    assert "is not a regular file" in refused(LINT, capsys)


def test_a_device_named_on_the_command_line_is_not_read_to_the_end(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "larger than 1 MiB" in refused([*LINT, "--config", "/dev/zero"], capsys)
    assert "larger than 1 MiB" in refused([*REWRITE, "--declarations", "/dev/zero"], capsys)


def test_a_configuration_far_above_is_bounded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text(f"{dotted(30_000)} = 1")
    assert "a key of more than 16 parts" in refused(LINT, capsys)
    (project / "pyproject.toml").write_bytes(b"#" * (2 << 20))
    assert "pyproject.toml: larger than 1 MiB" in refused(LINT, capsys)
