"""What is said of words that are not instructions."""

from __future__ import annotations

from tests.helpers.every import every
from wasmrewrite.text.vocabulary import unknown_operator


@every(
    ("word", "message"),
    [
        ("get_local", "unknown operator get_local; it is 'local.get' since WebAssembly 1.0"),
        ("i32.wrap/i64", "unknown operator i32.wrap/i64; it is 'i32.wrap_i64' since WebAssembly 1.0"),
        ("i32.trunc_s:sat/f32",
         "unknown operator i32.trunc_s:sat/f32; it is 'i32.trunc_sat_f32_s' since WebAssembly 1.0"),
        ("f32x4.convert_s/i32x4",
         "unknown operator f32x4.convert_s/i32x4; it is 'f32x4.convert_i32x4_s' since WebAssembly 1.0"),
        ("i32.load8", "unknown operator i32.load8; it needs a suffix: 'i32.load8_s' or 'i32.load8_u'"),
        ("i32.div", "unknown operator i32.div; it needs a suffix: 'i32.div_s' or 'i32.div_u'"),
        ("i32.addd", "unknown operator i32.addd; did you mean 'i32.add'?"),
        ("zzz", "unknown operator zzz"),
        ("then", "unexpected token 'then'; (then ...) is only allowed inside a folded 'if'"),
        ("local", "unexpected token 'local'; locals are declared before the body"),
        ("mut", "unexpected token 'mut'; expected an instruction"),
    ],
)  # fmt: skip
def test_words(word: str, message: str) -> None:
    assert unknown_operator(word) == message
