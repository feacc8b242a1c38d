from __future__ import annotations

import pytest

from wasmrewrite.contract import Contract, Declaration, Interface, parse_type
from wasmrewrite.equiv import Script
from wasmrewrite.errors import ConfigError
from wasmrewrite.fuzz import Case
from wasmrewrite.fuzz.case import FILES, HostAnswer
from wasmrewrite.rewrite.config import PassEntry

INTERFACE = Interface(
    (
        Declaration(
            'a "b"\\\x7f\n',
            params=(parse_type("u8"),),
            result=parse_type("(u8 @4, [u16; 3] @0)"),
            pointer=1,
            memory="m",
        ),
    ),
    (Declaration("n", "env", result=parse_type("u32"), memory=1),),
)
CASE = Case(
    b"\0asm", (PassEntry("rename-imports", {"name": ["a=b"]}), PassEntry("x")), INTERFACE, "7/3", b"after", Contract(),
    Script("1"), (HostAnswer("env.f", ("i32:1",), ("i64:2", "f32:0x0")),), "differs", "\u202e why",
)  # fmt: skip


def test_a_case_survives_its_folder() -> None:
    assert set(CASE.files()) == set(FILES)
    assert Case.from_files(CASE.files()) == CASE
    plain = Case(b"before")
    assert set(plain.files()) == {"before.wasm", "pipeline.json", "seed"}
    assert Case.from_files(plain.files()) == plain


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("before.wasm", None, "no case: before.wasm is missing"),
        ("pipeline.json", b"[]", "no case: pipeline.json holds no object"),
        ("pipeline.json", b"{", "no case: pipeline.json is no JSON: "),
        ("pipeline.json", b"{}", "no case: pipeline.json: unsupported schema None; expected 'wasmrewrite.case/1'"),
        ("pipeline.json", b'{"schema": "wasmrewrite.case/1"}', "no case: pipeline.json lists no passes"),
        ("pipeline.json", b'{"schema": "wasmrewrite.case/1", "passes": [1]}', "no case: pipeline.json lists no passes"),
        ("seed", b"\xff", "no case: seed is no UTF-8 text (byte 0)"),
        ("script.json", b"{}", "not a reproducer: "),
        ("contract.json", b"{}", "contract: "),
        ("host.json", b"{}", "no case: host.json lists no calls"),
        ("host.json", b'{"calls": [{"args": 1}]}', "no case: host.json has a call without lists of texts"),
        ("interface.toml", b"[[export]]", "interface.toml: export 1: 'name' has to be text"),
    ],
)
def test_bad_folders_are_refused(name: str, data: bytes | None, message: str) -> None:
    files: dict[str, bytes] = {**CASE.files(), name: data or b""}
    if data is None:
        del files[name]
    with pytest.raises(ConfigError) as caught:
        Case.from_files(files)
    assert caught.value.message.startswith(message)
