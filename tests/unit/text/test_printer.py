"""Binary to text: every section, names, offsets; what is printed assembles to the same module."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.every import every
from wasmrewrite.codec import BytesSource
from wasmrewrite.codec.code import read_locals
from wasmrewrite.codec.frame import frame
from wasmrewrite.kernels.decode import decode
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.printer import Style, print_module

CORPUS = sorted((Path(__file__).parents[3] / "corpus" / "built").glob("*.wasm"))


def test_a_module() -> None:
    text = """(module $m
  (type $t (;0;) (func (param i32 i64) (result i32)))
  (type $s (;1;) (sub (struct (field $x (mut i8)) (field (ref null $t)))))
  (rec
    (type (;2;) (array (mut i32)))
  )
  (type (;3;) (func))
  (import "a" "b" (func $f (;0;) (type $t) (param $p i32) (param i64) (result i32)))
  (import "a" "c" (global (;0;) (mut i32)))
  (table $tab (;0;) 1 2 funcref)
  (memory (;0;) i64 1)
  (tag $e (;0;) (type 3))
  (global $g (;1;) i32 i32.const -1)
  (export "run" (func 1))
  (start 2)
  (elem (;0;) (offset i32.const 0) func $f 1)
  (elem (;1;) declare (ref null $t) (item ref.func 1))
  (func (;1;) (type $t) (param i32 i64) (result i32)
    (local $l i32) (local i64 f32)
    block $out (result i32)
      local.get $l
      if
        br $out
      else
        call_indirect (type $t)
      end
      i64.load8_u offset=4
      br_table $out 1
    end
  )
  (func (;2;) (type 3))
  (data (;0;) "a\\00\\22")
)
"""
    assert print_module(assemble(text)) == text


def test_offsets_are_places_in_the_file() -> None:
    data = assemble("(func i32.const 300 drop)")
    lines = print_module(data, Style(offsets=True)).splitlines()
    shown = [line.strip() for line in lines if "@" in line]
    assert shown == ["(;@17;) i32.const 300", "(;@1a;) drop"]
    assert data[0x17] == 0x41
    assert data[0x1a] == 0x1A
    assert assemble("\n".join(lines)) == data


def instructions(data: bytes) -> list[list[tuple[str, object]]]:
    """The code of a module without the widths of its integers."""
    record = BytesSource(data).record(10) or ()
    return [
        [(op.name, operands) for _, op, operands in decode(data, read_locals(data, *entry.span)[1], entry.span[1])]
        for entry in record
    ]


def others(data: bytes) -> list[tuple[object, bytes]]:
    """Sections without expressions, whole."""
    return [(section.name or section.id, data[section.start : section.end]) for section in frame(data)
            if section.id not in (9, 10)]  # fmt: skip


@every("path", CORPUS, ids=lambda path: path.name)
def test_the_corpus_comes_back(path: Path) -> None:
    data = path.read_bytes()
    text = print_module(data)
    again = assemble(text)
    assert instructions(again) == instructions(data)
    assert others(again) == others(data)
    assert print_module(again) == text
    assert assemble(text.encode()) == again


def test_names_of_nothing_are_not_used() -> None:
    for names in (r"\01\04\01\07\01a", r"\02\06\01\00\01\07\01b", r"\0a\06\01\00\01\00\01c"):
        text = f'(module (type (func)) (func call 7 local.get 7 struct.get 0 0) (@custom "name" "{names}"))'
        data = assemble(text)
        assert assemble(print_module(data)) == data


def test_names_that_text_cannot_say_stay_a_section() -> None:
    for name in (r"\01\02\02\01x", r"\01\03\01\00\01a", r"\09\02\01\00", r"\7f\01\00"):
        data = assemble(f'(module (func) (@custom "name" (after code) "{name}"))')
        assert assemble(print_module(data)) == data
