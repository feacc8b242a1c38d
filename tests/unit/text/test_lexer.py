"""Tokens, their places, comments, annotations, and what cannot be a token."""

from __future__ import annotations

from tests.helpers.every import every
from wasmrewrite.text.lexer import Token, tokenize, unclosed

O, C, K, I, S, N, R, E = (
    Token.OPEN, Token.CLOSE, Token.KEYWORD, Token.ID, Token.STRING, Token.NUMBER, Token.RESERVED, Token.END,
)  # fmt: skip


@every(
    ("source", "kinds"),
    [
        ("", [E]),
        ("(module)", [O, K, C, E]),
        ('i32.const 0x1_F $a "b"', [K, N, I, S, E]),
        ("-1 +0x1p-3 inf -nan:0x7 nan:canonical 1e5 1.", [N] * 7 + [E]),
        ("1_ 0x 0x_1 1__0 --1 1x", [R] * 6 + [E]),
        ("i32.const0 0$l", [K, R, E]),
        ('$l"a" "a""b" "a"x $"a b"', [R, R, R, I, E]),
        ("$f(nop)$g;;x\n$h", [I, O, K, C, I, I, E]),
        ("a(;b;)c (; (;x;) ;;) d ;)e", [K, K, K, R, K, E]),
        ("a[ ,b {c}", [R, R, R, E]),
        ("@x %y ~", [R, R, R, E]),
        ("infinity nano nan", [K, R, N, E]),
    ],
)
def test_kinds(source: str, kinds: list[Token]) -> None:
    tokens = tokenize(source)
    assert tokens.kinds[: tokens.end + 1] == kinds


def test_places_count_lines_by_any_line_end() -> None:
    tokens = tokenize("a\r\nb\rc\n  d")
    assert [tokens.place(start) for start in tokens.starts[:5]] == [(1, 1), (2, 1), (3, 1), (4, 3), (4, 4)]
    assert [tokens.line(number) for number in (1, 2, 3, 4)] == ["a", "b", "c", "  d"]


def test_parentheses_know_their_partners() -> None:
    tokens = tokenize("(a (b) (c")
    last = tokens.end
    assert tokens.partner == {2: 4, 4: 2, 0: last, 5: last}
    assert list(unclosed(tokens)) == [0, 5]


@every(
    ("source", "faults"),
    [
        ("(a))", [("unexpected token: ')' without '('", 3)]),
        ("(; (; ;)", [("unclosed comment", 0)]),
        ('a "bc\nd', [("unclosed string", 2)]),
        ('"a\tb" c', [("illegal character in a string; write it as an escape", 2)]),
        ("a \u00e9 b", [("illegal character '\u00e9'", 2)]),
        ("a \x01", [("illegal character '\\x01'", 2)]),
        ("a \udcff", [("malformed UTF-8 encoding: byte 0xff", 2)]),
        ("(@)", [("empty annotation id", 0)]),
        ('(@"")', [("empty annotation id", 0)]),
        ("(a (@x (y)", [("unclosed annotation", 3)]),
        ('(@x "', [("unclosed string", 4)]),
    ],
)
def test_faults(source: str, faults: list[tuple[str, int]]) -> None:
    assert [(fault.message, fault.start) for fault in tokenize(source).faults] == faults


def test_annotations_without_meaning_vanish() -> None:
    source = '((@a) module (@b (x) "(" (@c)) (@"d" , ; ] [ {) $m)'
    tokens = tokenize(source)
    assert tokens.texts[: tokens.end + 1] == ["(", "module", "$m", ")", ""]


def test_annotations_with_a_meaning_are_put_aside() -> None:
    tokens = tokenize("(a (@x 1 (b (@y (c))) $d) (@z) e)", {"x", "z"})
    assert tokens.texts[: tokens.end + 1] == ["(", "a", "e", ")", ""]
    assert [(each.name, each.before, each.tokens.texts[: each.tokens.end + 1]) for each in tokens.annotations] == [
        ("x", 2, ["1", "(", "b", ")", "$d", ""]),
        ("z", 2, [""]),
    ]
    assert tokens.annotations[0].tokens.partner == {1: 3, 3: 1}


def test_nesting_to_any_depth() -> None:
    deep = 200_000
    tokens = tokenize("(" * deep + ")" * deep)
    assert tokens.partner[0] == 2 * deep - 1
    assert tokenize("(;" * deep + ";)" * deep).faults == []
