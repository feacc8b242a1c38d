"""Print the meanings of instructions on numbers as C99: ``python tools/meanings_c.py > meanings.h``.

What is printed are ``static inline`` functions, one for each mnemonic, out of the very functions that the interpreter
calls (``wasmrewrite/meanings``), and lists of loads and stores as X macros. The sources are read as syntax trees:
nothing of ours is imported, so that an isolated build can run this. Anything outside the form that
``wasmrewrite/meanings/form.py`` describes is refused with its place, never guessed.

A meaning that may trap takes ``int *trapped`` last and sets it to the number of the reason; with several results it
takes a pointer for each before that, and returns nothing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "wasmrewrite" / "meanings"
FILES: Final = ("control.py", "integer.py", "floating.py", "convert.py")


class Unprintable(Exception):
    """Something outside the form; says where and what."""


# --- the words in C ---------------------------------------------------------------------------------------------------

_C_TYPES: Final = {"I32": "u32", "I64": "u64", "F32": "f32", "F64": "f64", "Bits32": "u32", "bool": "int"}
_REALS: Final = {
    "INFINITY": "INFINITY", "INTEGRAL": "4503599627370496.0", "BELOW_U": "-1.0",
    "copysign": "copysign{f}", "square_root": "sqrt{f}", "magnitude": "fabs{f}", "round_up": "ceil{f}",
    "round_down": "floor{f}", "round_to_zero": "trunc{f}", "round_to_even": "nearbyint{f}",
    "is_negative": "signbit", "NAN": "canonical_nan_{real}", "real": "({real})",
}  # fmt: skip
_PLAIN: Final = {
    "as_bits": "bits_of_f64", "as_float": "f64_of_bits", "product_high": "product_high", "ones": "ones_{bits}",
    "bit_length": "bit_length_{bits}", "quotient": "quotient", "remainder": "remainder_of", "signed": "(s{bits})",
    "signed_integer": "(u{bits})(s{bits})", "unsigned_integer": "(u{bits})",
}  # fmt: skip
_BELOW_S: Final = {
    ("32", "f32"): "-2147483904.0", ("32", "f64"): "-2147483649.0", ("64", "f32"): "-9223373136366403584.0",
    ("64", "f64"): "-9223372036854777856.0",
}  # fmt: skip

PRELUDE: Final = """\
/* Made by tools/meanings_c.py out of wasmrewrite/meanings: do not edit. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "floats are computed with more bits than they have"
#endif

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef float f32;
typedef double f64;

#define quotient(a, b) ((a) / (b))
#define remainder_of(a, b) ((a) % (b))

static inline u64 bits_of_f64(f64 a) { u64 b; memcpy(&b, &a, 8); return b; }
static inline f64 f64_of_bits(u64 a) { f64 b; memcpy(&b, &a, 8); return b; }
static inline u32 bits_of_f32(f32 a) { u32 b; memcpy(&b, &a, 4); return b; }
static inline f32 f32_of_bits(u32 a) { f32 b; memcpy(&b, &a, 4); return b; }
#define canonical_nan_f32 f32_of_bits(0x7fc00000u)
#define canonical_nan_f64 f64_of_bits(0x7ff8000000000000ull)

#if defined(__GNUC__)
static inline u64 bit_length_64(u64 a) { return a ? 64u - (u64)__builtin_clzll(a) : 0u; }
static inline u64 ones_64(u64 a) { return (u64)__builtin_popcountll(a); }
#else
static inline u64 bit_length_64(u64 a) { u64 n = 0; while (a) { a >>= 1; n++; } return n; }
static inline u64 ones_64(u64 a) { u64 n = 0; while (a) { a &= a - 1; n++; } return n; }
#endif
static inline u32 bit_length_32(u32 a) { return (u32)bit_length_64(a); }
static inline u32 ones_32(u32 a) { return (u32)ones_64(a); }

static inline u64 product_high(u64 a, u64 b) {
    u64 al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
    u64 middle = ah * bl + (al * bl >> 32), other = al * bh + (middle & 0xffffffffu);
    return ah * bh + (middle >> 32) + (other >> 32);
}
"""


# --- one meaning ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """A function under ``@means``, for one mnemonic."""

    file: str
    mnemonic: str
    function: ast.FunctionDef
    word: str
    real: str

    @property
    def name(self) -> str:
        """The name of the C function."""
        return "m_" + self.mnemonic.replace(".", "_")


def meanings(file: str, source: str) -> Iterator[Meaning]:
    """All meanings of a file, each for every mnemonic it stands for."""
    for node in ast.parse(source, file).body:
        if isinstance(node, ast.FunctionDef):
            for pattern in map(_pattern, node.decorator_list):
                yield from _of_pattern(file, node, pattern) if pattern else ()


def _pattern(decorator: ast.expr) -> str:
    """The mnemonics that ``@means`` names; empty for another decorator."""
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "means":
        return ""
    return str(ast.literal_eval(decorator.args[0]))


def _of_pattern(file: str, node: ast.FunctionDef, pattern: str) -> Iterator[Meaning]:
    words = ("i32", "i64") if "{word}" in pattern else (_head(pattern, "i", "i64"),)
    floats = ("f32", "f64") if "{real}" in pattern else (_head(pattern, "f", "f64"),)
    for word, real in product(words, floats):
        yield Meaning(file, pattern.format(word=word, real=real), node, word, real)


def _head(pattern: str, letter: str, otherwise: str) -> str:
    head = pattern.partition(".")[0]
    return head if head in (f"{letter}32", f"{letter}64") else otherwise


@dataclass(slots=True)
class Printer:
    """Prints one meaning."""

    meaning: Meaning
    traps: frozenset[str]
    known: set[str] = field(default_factory=set)
    results: int = 1

    def text(self) -> str:
        """The C function."""
        function = self.meaning.function
        params = [f"{self.type(arg.annotation)} {arg.arg}" for arg in function.args.args]
        self.known = {arg.arg for arg in function.args.args}
        result, pointers = self.result(function.returns)
        body = "\n".join(self.statement(each, 1) for each in self.body())
        if self.may_trap():
            pointers = [*pointers, "int *trapped"]
        all_params = ", ".join([*params, *pointers]) or "void"
        return f"static inline {result} {self.meaning.name}({all_params}) {{\n{body}\n}}"

    def body(self) -> list[ast.stmt]:
        """The statements, without the documentation string."""
        body = self.meaning.function.body
        documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        return body[1:] if documented else body

    def may_trap(self) -> bool:
        """Whether ``trap`` is called anywhere."""
        return any(isinstance(node, ast.Name) and node.id == "trap" for node in ast.walk(self.meaning.function))

    def refuse(self, node: ast.AST, what: str) -> Unprintable:
        """The error about a node."""
        line = getattr(node, "lineno", self.meaning.function.lineno)
        return Unprintable(f"{self.meaning.file}:{line}: {self.meaning.mnemonic}: {what}: {ast.unparse(node)}")

    # --- types --------------------------------------------------------------------------------------------------------

    def type(self, annotation: ast.expr | None) -> str:
        """The C type of an annotation."""
        name = "" if annotation is None else ast.unparse(annotation)
        own = {"Word": "u" + self.meaning.word[1:], "Real": self.meaning.real, **_C_TYPES}
        if name not in own:
            raise self.refuse(annotation or self.meaning.function, "no such type in C")
        return own[name]

    def result(self, annotation: ast.expr | None) -> tuple[str, list[str]]:
        """The type that is returned, and parameters for results where there are several."""
        if isinstance(annotation, ast.Constant) and annotation.value is None:
            self.results = 0
            return "void", []
        if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "tuple":
            types = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
            self.results = len(types)
            return "void", [f"{self.type(each)} *result{at}" for at, each in enumerate(types)]
        return self.type(annotation), []

    # --- statements ---------------------------------------------------------------------------------------------------

    def statement(self, node: ast.stmt, depth: int) -> str:
        """A statement with its indentation."""
        indent = "    " * depth
        if isinstance(node, ast.Return):
            return indent + self.returned(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            text = f"{self.type(node.annotation)} {node.target.id} = {self.expression(node.value)};"
            self.known.add(node.target.id)
            return indent + text
        if isinstance(node, ast.If):
            return self.branch(node, depth)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "trap":
            return indent + self.trap(node.value)
        raise self.refuse(node, "no such statement in C")

    def branch(self, node: ast.If, depth: int) -> str:
        indent = "    " * depth
        lines = [f"{indent}if ({self.expression(node.test)}) {{"]
        lines += [self.statement(each, depth + 1) for each in node.body]
        if node.orelse:
            lines.append(f"{indent}}} else {{")
            lines += [self.statement(each, depth + 1) for each in node.orelse]
        return "\n".join([*lines, f"{indent}}}"])

    def returned(self, node: ast.Return) -> str:
        if self.results != 1:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else []
            if len(values) != self.results:
                raise self.refuse(node, "another number of results")
            return "".join(f"*result{at} = {self.expression(each)}; " for at, each in enumerate(values)) + "return;"
        if node.value is None:
            raise self.refuse(node, "no result")
        return f"return {self.expression(node.value)};"

    def trap(self, node: ast.Call) -> str:
        reason = ast.unparse(node.args[0])
        if reason not in self.traps:
            raise self.refuse(node, "no such reason to trap")
        return f"*trapped = TRAP_{reason}; return{' 0' if self.results == 1 else ''};"

    # --- expressions --------------------------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> str:
        """An expression, in parentheses where it is more than a name."""
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Constant):
            return self.constant(node)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return f"({self.expression(node.left)} {_OPERATORS[type(node.op)]} {self.expression(node.right)})"
        if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
            return f"({_UNARY[type(node.op)]}{self.expression(node.operand)})"
        if isinstance(node, ast.BoolOp):
            joint = " && " if isinstance(node.op, ast.And) else " || "
            return f"({joint.join(map(self.expression, node.values))})"
        if isinstance(node, ast.IfExp):
            parts = (self.expression(each) for each in (node.test, node.body, node.orelse))
            return "({} ? {} : {})".format(*parts)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return f"{self.word(node.func)}({', '.join(map(self.expression, node.args))})"
        raise self.refuse(node, "no such expression in C")

    def comparison(self, node: ast.Compare) -> str:
        """A chain becomes a conjunction; what stands twice then is a name."""
        terms = [node.left, *node.comparators]
        if any(not isinstance(each, ast.Name) for each in terms[1:-1]):
            raise self.refuse(node, "a chain through more than a name")
        pairs = zip(terms, node.ops, terms[1:], strict=False)
        for operator in node.ops:
            if type(operator) not in _COMPARISONS:
                raise self.refuse(node, "no such comparison in C")
        texts = [f"({self.expression(a)} {_COMPARISONS[type(op)]} {self.expression(b)})" for a, op, b in pairs]
        return texts[0] if len(texts) == 1 else f"({' && '.join(texts)})"

    def constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, float):
            return repr(node.value)
        if type(node.value) is int and 0 <= node.value < 1 << 64:
            # Of the width of the words around it: narrower ones would change signs, wider ones results.
            wide = self.meaning.word == "i64" or node.value >= 1 << 32
            return f"{node.value:#x}{'ull' if wide else 'u'}" if node.value > 9 else f"{node.value}u"
        raise self.refuse(node, "no such constant in C")

    def name(self, node: ast.Name) -> str:
        """A parameter, a local variable or a constant of the vocabulary."""
        if node.id in self.known:
            return node.id
        bits = int(self.meaning.word[1:])
        values = {"BITS": bits, "MASK": (1 << bits) - 1, "SIGN": 1 << bits - 1, "COUNT": bits - 1,
                  "GREATEST": (1 << bits - 1) - 1}  # fmt: skip
        if node.id in values:
            return f"{values[node.id]:#x}{'u' if bits == 32 else 'ull'}"
        below = {"BELOW_S": _BELOW_S[str(bits), self.meaning.real], "ABOVE_S": repr(2.0 ** (bits - 1)),
                 "ABOVE_U": repr(2.0**bits)}  # fmt: skip
        return below[node.id] if node.id in below else self.word(node)

    def word(self, node: ast.Name) -> str:
        """A word of the vocabulary."""
        found = _REALS.get(node.id) or _PLAIN.get(node.id)
        if found is None:
            raise self.refuse(node, "no such word in C")
        real = self.meaning.real
        return found.format(real=real, f="f" if real == "f32" else "", bits=self.meaning.word[1:])


_OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "/", ast.Mod: "%", ast.BitAnd: "&",
    ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip
_UNARY: Final[Mapping[type[ast.unaryop], str]] = {ast.USub: "-", ast.Not: "!", ast.Invert: "~"}
_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


# --- everything -------------------------------------------------------------------------------------------------------


def trap_numbers(vocabulary: str) -> dict[str, int]:
    """Reasons to trap and their numbers: the names that the vocabulary assigns a ``range``."""
    for node in ast.parse(vocabulary).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            start = ast.literal_eval(node.value.args[0]) if isinstance(node.value, ast.Call) else 0
            return {ast.unparse(each): start + at for at, each in enumerate(node.targets[0].elts)}
    raise Unprintable("vocabulary.py: no reasons to trap are numbered there")


def all_meanings(folder: Path = FOLDER) -> list[Meaning]:
    """Every meaning in the form."""
    return [each for file in FILES for each in meanings(file, (folder / file).read_text("utf-8"))]


def header(folder: Path = FOLDER) -> str:
    """The whole of it. Raises ``Unprintable``."""
    traps = trap_numbers((folder / "vocabulary.py").read_text("utf-8"))
    enum = "enum { " + ", ".join(f"TRAP_{name} = {number}" for name, number in traps.items()) + " };\n"
    printed = [Printer(each, frozenset(traps)).text() for each in all_meanings(folder)]
    memory = (folder / "memory.py").read_text("utf-8")
    return "\n".join([PRELUDE, enum, *printed, "", *accesses(memory), ""])


def accesses(source: str) -> Iterator[str]:
    """X macros of loads and stores: name, bytes, whether the sign comes in front, type on the stack."""
    for node in ast.parse(source).body:
        name = ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else ""
        if name in ("LOADS", "STORES") and isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            rows = zip(node.value.keys, node.value.values, strict=True)
            yield f"#define {name}(X) \\\n" + " \\\n".join(f"    X({_access(key, value)})" for key, value in rows)


def _access(key: ast.expr | None, value: ast.expr) -> str:
    if key is None or not isinstance(value, ast.Call):
        raise Unprintable(f"memory.py: no row of a table: {ast.unparse(value)}")
    size, signed, type = map(ast.literal_eval, value.args)
    return f"{ast.literal_eval(key).replace('.', '_')}, {size}, {int(signed)}, {type}"


def main() -> int:
    """Print it; 1 if something has no form in C."""
    try:
        sys.stdout.write(header())
    except Unprintable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
