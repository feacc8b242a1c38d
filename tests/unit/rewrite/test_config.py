"""Configuration: where it is found, what counts over what, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.passes.rename_imports import RenameImports
from wasmrewrite.rewrite import config
from wasmrewrite.rewrite.config import Config, PassEntry

TOP = 'interface = "i.toml"\n[[pass]]\nname = "add-start"\nfunction = "main"\n'
PYPROJECT = '[tool.wasmrewrite]\ninterface = "p.toml"\n'
CARGO = '[package]\nname = "x"\n[package.metadata.wasmrewrite]\ninterface = "c.toml"\n'
HERE = Path("/project/inner")


def loaded(files: dict[str, str], explicit: str | None = None) -> Config:
    texts = {Path(name): text for name, text in files.items()}
    return config.load(HERE, texts.get, None if explicit is None else Path(explicit))


def test_nothing_is_an_empty_configuration() -> None:
    assert loaded({}) == Config()


def test_a_file_of_its_own() -> None:
    assert loaded({"/project/inner/wasmrewrite.toml": TOP}) == Config(
        (PassEntry("add-start", {"function": "main"}),), HERE / "i.toml", HERE / "wasmrewrite.toml"
    )


@pytest.mark.parametrize(
    ("files", "interface"),
    [
        ({"/project/inner/wasmrewrite.toml": TOP, "/project/inner/pyproject.toml": PYPROJECT}, "/project/inner/i.toml"),
        ({"/project/inner/pyproject.toml": PYPROJECT, "/project/inner/Cargo.toml": CARGO}, "/project/inner/p.toml"),
        ({"/project/inner/Cargo.toml": CARGO, "/project/wasmrewrite.toml": TOP}, "/project/inner/c.toml"),
        ({"/project/inner/Cargo.toml": "[package]", "/project/wasmrewrite.toml": TOP}, "/project/i.toml"),
        ({"/project/inner/pyproject.toml": "[tool.other]", "/wasmrewrite.toml": TOP}, "/i.toml"),
    ],
)
def test_the_nearest_file_counts_then_their_order(files: dict[str, str], interface: str) -> None:
    assert loaded(files).interface == Path(interface)


def test_an_option_called_name_stands_in_a_table_of_its_own() -> None:
    text = '[[pass]]\nname = "rename-imports"\nmodule = "env=js"\n[pass.options]\nname = ["a=b"]\n'
    (entry,) = loaded({"/project/inner/wasmrewrite.toml": text}).passes
    assert entry == PassEntry("rename-imports", {"module": "env=js", "name": ["a=b"]})
    assert config.build_passes([entry]) == [RenameImports(module=("env=js",), name=("a=b",))]


def test_an_explicit_file_counts_alone() -> None:
    files = {"/project/inner/wasmrewrite.toml": TOP, "/else/my.toml": 'interface = "x.toml"'}
    assert loaded(files, "/else/my.toml") == Config((), Path("/else/x.toml"), Path("/else/my.toml"))


def test_an_explicit_file_has_to_be_there() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: no such file"):
        loaded({}, "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "wasmrewrite.toml: Invalid value"),
        ("pas = []", "wasmrewrite.toml: unknown key 'pas'; did you mean 'pass'?"),
        ("interface = 3", "wasmrewrite.toml: interface has to be the name of a file"),
        ("[pass]\nname = 'x'", "wasmrewrite.toml: write [[pass]], a list of tables"),
        ("pass = [1]", "wasmrewrite.toml: pass 1: a pass needs a name"),
        ("[[pass]]\nfunction = 'x'", "wasmrewrite.toml: pass 1: a pass needs a name"),
        ("[[pass]]\nname = 'x'\noptions = 1", "wasmrewrite.toml: pass 1: options has to be a table"),
        (
            "[[pass]]\nname = 'x'\na = 1\noptions.a = 2",
            "wasmrewrite.toml: pass 1: option 'a' is given twice, in options and beside it",
        ),
    ],
)
def test_wrong_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded({"/project/inner/wasmrewrite.toml": text})
    assert caught.value.message.startswith(message)


def test_a_part_that_is_no_table_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"tool\.wasmrewrite has to be a table"):
        loaded({"/project/inner/pyproject.toml": "[tool]\nwasmrewrite = 3"})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("add-start.function=main", ("add-start", "function", "main")),
        ("multi-value.export=a=b=(i64, i64)", ("multi-value", "export", "a=b=(i64, i64)")),
        ("p.o=", ("p", "o", "")),
        ("p.a.b=c.d", ("p", "a.b", "c.d")),
    ],
)
def test_only_the_first_equals_sign_counts(text: str, parts: tuple[str, str, str]) -> None:
    assert config.parse_set(text) == parts


@pytest.mark.parametrize("text", ["", "a", "a.b", "a=b", ".b=c", "a.=c"])
def test_wrong_settings_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"is no PASS\.OPTION=VALUE"):
        config.parse_set(text)


CONFIGURED = (PassEntry("a", {"x": "file", "y": "file"}), PassEntry("b", {"x": "file"}))


def test_the_command_line_counts_over_files() -> None:
    assert config.combine(CONFIGURED, [], ["a.x=1", "a.x=2"]) == (
        PassEntry("a", {"x": ["1", "2"], "y": "file"}),
        CONFIGURED[1],
    )


def test_chosen_passes_run_in_their_order_with_their_files_options() -> None:
    assert config.combine(CONFIGURED, ["c", "b"], ["c.z=1"]) == (PassEntry("c", {"z": ["1"]}), CONFIGURED[1])


def test_options_for_a_pass_that_does_not_run_are_refused() -> None:
    with pytest.raises(ConfigError, match="options are set for pass 'aa', which does not run; did you mean 'a'"):
        config.combine((), ["a"], ["aa.x=1"])


def test_options_for_a_pass_that_runs_twice_are_refused() -> None:
    with pytest.raises(ConfigError, match="pass 'a' runs 2 times"):
        config.combine((), ["a", "a"], ["a.x=1"])


def test_passes_are_built_by_name() -> None:
    (made,) = config.build_passes([PassEntry("add-start", {"function": "f"})])
    assert (made.pass_name(), getattr(made, "function", None)) == ("add-start", "f")


def test_what_is_wrong_with_a_pass_is_said_by_its_name() -> None:
    with pytest.raises(ConfigError, match="pass add-start: option 'function' is missing"):
        config.build_passes([PassEntry("add-start")])
