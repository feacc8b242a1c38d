"""``@custom``, ``@name`` and branch hints: placed, refused elsewhere, and printed again."""

from __future__ import annotations

from tests.helpers.every import every
from tests.unit.text.test_fields import problems
from wasmrewrite.codec import custom
from wasmrewrite.codec.frame import frame
from wasmrewrite.model import Module
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.printer import print_module

HINT = "@metadata.code.branch_hint"


def order(text: str) -> list[str | int | None]:
    """Sections in file order: names of custom sections, numbers of others."""
    return [section.name if section.id == 0 else section.id for section in frame(assemble(text))]


def test_custom_sections_stand_where_they_are_put() -> None:
    text = """(module (@custom "end") (@custom "a" (before first)) (@custom "b" (after func) "x" "y")
      (@custom "c" (before memory)) (@custom "d" (after last)) (@custom "e" (after func)) (func $f) (memory 1))"""
    assert order(text) == ["a", 1, 3, "b", "e", "c", 5, 10, "name", "end", "d"]


@every(
    ("annotation", "message"),
    [
        ("(@custom)", "missing section name"),
        ('(@custom "a" here)', "unexpected token 'here'; expected a string or ')'"),
        ('(@custom "a" (after))', "malformed section kind"),
        ('(@custom "a" (type))', "malformed placement"),
        ('(@custom "a" (before last))', "malformed section kind"),
        ('(@custom "\\ff")', "malformed UTF-8 encoding"),
    ],
)
def test_bad_customs(annotation: str, message: str) -> None:
    found = problems(f"(module {annotation} (func))")
    assert len(found) == 1
    assert found[0].partition(" ")[2].startswith(f"@custom annotation: {message}")


@every(
    ("text", "message"),
    [
        ('(func (nop (@custom "a")))', "1:12+8 misplaced @custom annotation; it stands between fields"),
        ('(module (func) (@name "a"))',
         "1:16+6 misplaced @name annotation; it stands behind an identifier, or in its place"),
        ('(module (@name "a") (@name "b"))', "1:21+6 @name annotation: multiple module names"),
        (f'(func ({HINT} "\\00") nop)',
         f"1:7+27 {HINT} annotation: invalid target; it stands before an 'if' or 'br_if'"),
        (f'(module ({HINT} "\\00") (func))', f"1:9+27 {HINT} annotation: not in a function"),
        (f'(func i32.const 0 ({HINT} "\\00") ({HINT} "\\00") if end)',
         f"1:54+27 {HINT} annotation: duplicate annotation"),
        (f'(func i32.const 0 ({HINT} "\\02") if end)',
         f'1:47+5 {HINT} annotation: expected "\\00" (unlikely) or "\\01" (likely)'),
    ],
)  # fmt: skip
def test_misplaced(text: str, message: str) -> None:
    assert [found for found in problems(text) if HINT not in message or HINT in found][:1] == [message]


def test_names_that_no_identifier_can_say() -> None:
    text = """(module $m (@name "other") (func $f (@name "") (param (@name "p") i32) (local $q (@name "p") i64)
      block $l (@name "") br $l end) (func (@name "g")) (func (@name "g")) (type (struct (field (@name "x") i32))))"""
    module = Module.from_wat(text)
    assert [func.name for func in module.funcs] == ["", "g", "g"]
    printed = module.to_wat()
    assert printed.startswith("(module $other\n")
    assert '(func (@name "") (;0;)' in printed
    assert "(func $g (;1;)" in printed
    assert '(func (@name "g") (;2;)' in printed
    assert assemble(printed) == assemble(text)


def test_branch_hints_follow_their_instructions() -> None:
    text = f"""(module (func) (func (param i32) (local i64 i64)
      block ({HINT} "\\01") (br_if 0 (local.get 0)) local.get 0 ({HINT} "\\00") if end end))"""
    data = assemble(text)
    section = next(each for each in frame(data) if each.id == 0)
    assert section.name == HINT[1:]
    record = custom.read(section.name, data, section.start, section.end).record
    # locals (3 bytes), block (2), local.get (2) | br_if (2), local.get (2)
    assert [(each.function, [int(note.offset) for note in each.notes]) for each in record] == [(1, [7, 11])]
    printed = print_module(data)
    assert printed.count(HINT) == 2
    assert assemble(printed) == data


def test_hints_that_fit_nothing_stay_a_custom_section() -> None:
    text = f"""(module (@custom "{HINT[1:]}" (before code) "\\01\\00\\01\\63\\01\\00") (func))"""
    data = assemble(text)
    printed = print_module(data)
    assert f'(@custom "{HINT[1:]}" (after func)' in printed
    assert assemble(printed) == data
