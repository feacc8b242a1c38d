from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import ConfigError, MalformedError
from wasmrewrite.lint import Finding, Rule, Settings, Severity, lint, parse_settings
from wasmrewrite.lint.subject import Imported
from wasmrewrite.model import Export, Module


class Seen(Rule):
    """A rule that reports all it is shown."""

    code, severity, message = "XX001", Severity.NOTE, "{what}"
    pattern = b"needle"

    def imported(self, entry: Imported) -> Iterable[Finding]:
        yield self.found(self.subject.at_import(entry), entry.dotted, what="import")

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        yield self.found(self.subject.at_export(at), export.name, what="export")

    def text(self, where: object, found: object) -> Iterable[Finding]:
        yield self.found(where, "needle", what="text")  # type: ignore[arg-type]


MODULE = wat("""(module
  (import "a" "f" (func (param i32))) (import "a" "g" (global (mut i64))) (import "b" "t" (table 1 2 funcref))
  (memory (export "m") 1) (func (export "run"))
  (data (i32.const 0) "nothing") (data (i32.const 9) "..needle..needle"))""")


def test_offsets_are_those_of_the_entries() -> None:
    found = {each.name: each for each in lint(Module.from_bytes(MODULE), rules=[Seen])}
    for name, start in (
        ("a.f", b"\1a\1f\0"),
        ("a.g", b"\1a\1g\3"),
        ("b.t", b"\1b\1t\1"),
        ("m", b"\1m\2"),
        ("run", b"\3run\0"),
    ):
        assert found[name].position.offset == MODULE.index(start)


def test_paths_name_section_and_entry() -> None:
    paths = [each.position.path for each in lint(Module.from_bytes(MODULE), rules=[Seen])]
    assert paths == [
        ("import section", "import[0]"),
        ("import section", "import[1]"),
        ("import section", "import[2]"),
        ("export section", "export[0]"),
        ("export section", "export[1]"),
        ("data section", "data[1]"),
        ("data section", "data[1]"),
    ]


def test_findings_come_in_order_of_offset() -> None:
    offsets = [each.position.offset or 0 for each in lint(Module.from_bytes(MODULE), rules=[Seen])]
    assert offsets == sorted(offsets)


def test_padded_entries_are_measured_as_they_are() -> None:
    # The name's length of the first import takes five bytes.
    entries = b"\x02" + b"\x81\x80\x80\x80\x00a\x01f\x00\x00" + b"\x01b\x01g\x00\x00"
    data = b"\0asm\1\0\0\0" + b"\x01\x04\x01\x60\x00\x00" + b"\x02" + bytes([len(entries)]) + entries
    found = lint(Module.from_bytes(data), rules=[Seen])
    assert [each.position.offset for each in found] == [data.index(b"\x81\x80"), data.index(b"\x01b\x01g")]


def test_severities_are_set_by_code_or_name() -> None:
    module = Module.from_bytes(wat('(module (import "odd" "f" (func)))'))
    for key in ("WR102", "unknown-namespace"):
        assert [each.severity for each in lint(module, parse_settings({"severity": {key: "error"}}))] == [
            Severity.ERROR
        ]


def test_bodies_are_not_decoded() -> None:
    # The one body is no code at all.
    data = b"\0asm\1\0\0\0" + b"\x01\x04\x01\x60\x00\x00" + b"\x03\x02\x01\x00" + b"\x0a\x06\x01\x04\x00\xff\xff\x0b"
    assert lint(Module.from_bytes(data)) == []
    with pytest.raises(MalformedError):
        lint(Module.from_bytes(data), parse_settings({"policy": {"deny-features": ["simd"]}}))


def test_words_that_mean_no_rule() -> None:
    with pytest.raises(ConfigError, match="unknown rule 'WR9'"):
        lint(Module.empty(), Settings(select=("WR9",)))


def test_long_names_are_cut_in_messages_only() -> None:
    name = "x" * 100_000
    found = lint(Module.from_bytes(wat(f'(module (import "{name}" "f" (func)))')), Settings(select=("WR102",)))
    assert found[0].name == name
    assert len(found[0].message) < 400


def test_features_are_found_where_they_are_first_used() -> None:
    module = wat("""(module (func) (func (param i32) (result i32) local.get 0 i32.extend8_s)
      (func (param i32) (result i32) local.get 0 i32.extend16_s))""")
    found = lint(Module.from_bytes(module), parse_settings({"select": ["WR503"], "policy": {"deny-features": ["*"]}}))
    by_name = {each.name: each.position for each in found}
    assert by_name["sign-extension"].offset == module.index(b"\xc0\x0b")
    assert by_name["sign-extension"].path == ("code section", "func[1]")
