"""Interface files: read whole, refused by entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.contract import Declaration, Interface, parse_type
from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite import parse_interface


def test_everything_there_can_be() -> None:
    found = parse_interface(
        """
        [[export]]
        name = "f"
        params = ["u32", "(u8, u8)"]
        result = "(u8 @4, u32 @0)"
        pointer = 1
        memory = "results"
        [[import]]
        module = "js"
        name = "g"
        memory = 2
        """
    )
    export = Declaration(
        "f", None, (parse_type("u32"), parse_type("(u8, u8)")), parse_type("(u8 @4, u32 @0)"), 1, "results"
    )
    assert found == Interface((export,), (Declaration("g", "js", memory=2),))


def test_an_empty_file() -> None:
    assert parse_interface("") == Interface()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x =", "interface.toml: Invalid value"),
        ("[[exports]]", "interface.toml: unknown key 'exports'; did you mean 'export'?"),
        ("[export]", "interface.toml: write [[export]], a list of tables"),
        ("import = [3]", "interface.toml: import 1: expected a table"),
        ("[[export]]", "interface.toml: export 1: 'name' has to be text"),
        ("[[import]]\nname='f'", "interface.toml: import 1 ('f'): 'module' has to be text"),
        ("[[export]]\nname='f'\nmodule='m'", "interface.toml: export 1 ('f'): unknown key 'module'"),
        (
            "[[export]]\nname='f'\nresults='u8'",
            "interface.toml: export 1 ('f'): unknown key 'results'; did you mean 'result'?",
        ),
        ("[[export]]\nname='f'\nresult=3", "interface.toml: export 1 ('f'): result: a type is text"),
        (
            "[[export]]\nname='f'\nresult='u9'",
            "interface.toml: export 1 ('f'): result: declared type 'u9': unknown type",
        ),
        ("[[export]]\nname='f'\nparams='u8'", "interface.toml: export 1 ('f'): params have to be a list of types"),
        ("[[export]]\nname='f'\nparams=['u8', 3]", "interface.toml: export 1 ('f'): parameter 2: a type is text"),
        ("[[export]]\nname='f'\npointer=-1", "interface.toml: export 1 ('f'): pointer: -1 is no index"),
        ("[[export]]\nname='f'\nmemory=1.5", "interface.toml: export 1 ('f'): memory: 1.5 is no index"),
        ("[[export]]\nname='f'\n[[export]]\nname='f'", "interface.toml: export 'f' is declared twice"),
        ("[[import]]\nmodule='m'\nname='f'\n" * 2, "interface.toml: import 'm.f' is declared twice"),
    ],
)
def test_wrong_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_interface(text)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("path", sorted((ROOT / "corpus" / "interfaces").glob("*.toml")), ids=lambda path: path.name)
def test_the_corpus_is_declared_soundly(path: Path) -> None:
    found = parse_interface(path.read_text("utf-8"))
    assert found.exports or found.imports
