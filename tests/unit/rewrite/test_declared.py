"""What users name on the command line and in interface files, resolved against each other and the module."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Declaration, parse_type
from wasmrewrite.errors import ConfigError
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Wanted, parse_interface

INTERFACE = parse_interface(
    """
    [[export]]
    name = "pair"
    result = "(i64, i64)"
    pointer = 1
    [[export]]
    name = "plain"
    result = "u32"
    [[import]]
    module = "js"
    name = "get"
    result = "[u8; 2]"
    """
)
PAIR = parse_type("(i64, i64)")
MODULE = Module.from_bytes(wat('(module (import "js.x" "get" (func)) (import "js" "a=b" (func)))'))


def test_an_interface_decides_alone() -> None:
    wanted = Wanted()
    assert [each.name for each in wanted.of_exports(INTERFACE)] == ["pair"]
    assert list(wanted.of_imports(INTERFACE, MODULE)) == list(INTERFACE.imports)


def test_options_decide_alone() -> None:
    wanted = Wanted(exports=["f = (i64, i64)"], pointer=2, memory="m")
    assert list(wanted.of_exports(INTERFACE)) == [Declaration("f", result=PAIR, pointer=2, memory="m")]
    assert list(wanted.of_imports(INTERFACE, MODULE)) == []


def test_an_option_without_type_takes_it_from_the_interface() -> None:
    wanted = Wanted(exports=["pair"], imports=["js.get"], pointer=7)
    assert list(wanted.of_exports(INTERFACE)) == [INTERFACE.exports[0]]
    assert list(wanted.of_imports(INTERFACE, MODULE)) == [INTERFACE.imports[0]]


def test_only_the_last_equals_sign_counts() -> None:
    (export,) = Wanted(exports=["a=b=(i64, i64)"]).of_exports(INTERFACE)
    assert (export.name, export.result) == ("a=b", PAIR)
    (imported,) = Wanted(imports=["js.a=b=(i64, i64)"]).of_imports(INTERFACE, MODULE)
    assert (imported.module, imported.name) == ("js", "a=b")


def test_the_module_tells_where_a_name_begins() -> None:
    (imported,) = Wanted(imports=["js.x.get=(i64, i64)"]).of_imports(INTERFACE, MODULE)
    assert (imported.module, imported.name) == ("js.x", "get")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(exports=["pear"]), "no interface declares export 'pear', so say pear=TYPE; did you mean 'pair'?"),
        (
            Wanted(imports=["js.got"]),
            "no interface declares import 'js.got', so say js.got=TYPE; did you mean 'js.get'?",
        ),
        (Wanted(exports=["f=(u8, u8)", "f=(i8, i8)"]), "export 'f' is named twice"),
        (Wanted(exports=["f=(i64"]), "declared type '(i64': expected ')' at column 5"),
    ],
)
def test_mistakes_are_refused(wanted: Wanted, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        list(wanted.of_exports(INTERFACE)) + list(wanted.of_imports(INTERFACE, MODULE))
    assert caught.value.message == message
