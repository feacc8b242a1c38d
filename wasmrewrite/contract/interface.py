"""Declared types of imports and exports: what a user says a function returns, and nothing computed from it.

A declared type is written the way Rust and C programmers think of it::

    i64                             a scalar; ptr, usize and isize are as wide as an address
    (i64, i64)                      a repr(C) struct (or a tuple that needs no offsets)
    (a: u8 @4, b: u32 @0)           declaration order with the compiler's own offsets
    (u8, [u16; 3]; size 8, align 2) arrays, stated size and alignment

Offsets, sizes and alignments of anything not stated are not computed here: the rewriter and the judge each have their
own code for that, so that one mistake cannot fool both. Not here: reading files (``rewrite.config``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ..arguments import expect
from ..errors import ConfigError
from ..spelling import clipped, natural

SCALARS = (
    "bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128", "f32", "f64", "char",
    "ptr", "usize", "isize", "v128",
)  # fmt: skip
ADDRESSES = ("ptr", "usize", "isize")
"""Scalars that are as wide as the addresses of the memory in question."""
MAX_NESTING = 64
MAX_COUNT = 1 << 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """One of ``SCALARS``."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Array:
    """``count`` elements side by side."""

    element: DeclaredType
    count: int

    def __str__(self) -> str:
        return f"[{self.element}; {self.count}]"


@dataclass(frozen=True, slots=True)
class Field:
    """A member of a struct; ``offset`` in bytes from the start of the struct where the user states it."""

    type: DeclaredType
    name: str | None = None
    offset: int | None = None

    def __str__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        place = "" if self.offset is None else f" @{self.offset}"
        return f"{name}{self.type}{place}"


@dataclass(frozen=True, slots=True)
class Struct:
    """Members in declaration order; ``size`` and ``align`` in bytes where the user states them."""

    fields: tuple[Field, ...]
    size: int | None = None
    align: int | None = None

    def __str__(self) -> str:
        tail = [f"{word} {value}" for word, value in (("size", self.size), ("align", self.align)) if value is not None]
        return "(" + ", ".join(map(str, self.fields)) + ("; " + ", ".join(tail) if tail else "") + ")"


DeclaredType: TypeAlias = Scalar | Array | Struct


def has_scalars(declared: DeclaredType) -> bool:
    """Whether values of that type have any: ``()``, ``[u8; 0]`` and what is made of such have none."""
    waiting = [declared]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Scalar):
            return True
        if isinstance(each, Struct):
            waiting += [field.type for field in each.fields]
        elif each.count:
            waiting.append(each.element)
    return False


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the user declares of one imported or exported function.

    ``module`` is None for an export. ``params`` (without the hidden pointer) and ``result`` are declared types;
    ``pointer`` is the parameter position of the return pointer; ``memory`` names the memory it points into.
    """

    name: str
    module: str | None = None
    params: tuple[DeclaredType, ...] | None = None
    result: DeclaredType | None = None
    pointer: int = 0
    memory: str | int | None = None

    @property
    def by_value(self) -> bool:
        """Whether the result is declared as something C and Rust return through a pointer."""
        if isinstance(self.result, Struct | Array):
            return not self.returns_nothing
        return self.result in (Scalar("u128"), Scalar("i128"))

    @property
    def returns_nothing(self) -> bool:
        """Whether the result is declared as something without a scalar, such as ``()``, which no ABI passes at all."""
        return self.result is not None and not has_scalars(self.result)


@dataclass(frozen=True, slots=True)
class Interface:
    """All declarations of one interface file."""

    exports: tuple[Declaration, ...] = ()
    imports: tuple[Declaration, ...] = ()


_TOKEN = re.compile(r"\s*+(?:([0-9]+)|([A-Za-z_][A-Za-z0-9_]*)|([()\[\],;:@])|(\Z))")


def parse_type(text: str) -> DeclaredType:
    """Read a declared type. Raises ``ConfigError`` naming the column of what does not fit."""
    expect(text, str, "the text of a declared type")
    return _Parser(text).whole()


class _Parser:
    """Recursive descent over the tokens of one type; nesting is limited, so the recursion is too."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        self.at = 0
        at = 0
        while not self.tokens or self.tokens[-1][0]:
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.error("unexpected character", len(text) - len(text[at:].lstrip()))
            self.tokens.append((match.group().strip(), match.start(match.lastindex or 0)))
            at = match.end()

    def error(self, why: str, column: int | None = None) -> ConfigError:
        column = self.tokens[self.at][1] if column is None else column
        return ConfigError(f"declared type {clipped(self.text)!r}: {why} at column {column + 1}")

    def accept(self, token: str) -> bool:
        if self.tokens[self.at][0] != token:
            return False
        self.at += 1
        return True

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise self.error(f"expected {token!r}")

    def number(self) -> int:
        word = self.tokens[self.at][0]
        number = natural(word, 10)
        if number is None:
            raise self.error("expected a number")
        self.at += 1
        return number

    def whole(self) -> DeclaredType:
        result = self.type(0)
        if self.tokens[self.at][0]:
            raise self.error("expected the end")
        return result

    def type(self, depth: int) -> DeclaredType:
        if depth > MAX_NESTING:
            raise self.error(f"nested more than {MAX_NESTING} deep")
        if self.accept("["):
            return self.array(depth)
        if self.accept("("):
            return self.struct(depth)
        word = self.tokens[self.at][0]
        if word not in SCALARS:
            raise self.error(f"unknown type {word!r} (known: {' '.join(SCALARS)})" if word else "expected a type")
        self.at += 1
        return Scalar(word)

    def array(self, depth: int) -> Array:
        element = self.type(depth + 1)
        self.expect(";")
        count = self.number()
        if count > MAX_COUNT:
            raise self.error(f"array of more than {MAX_COUNT} elements")
        self.expect("]")
        return Array(element, count)

    def struct(self, depth: int) -> Struct:
        fields: list[Field] = []
        while self.tokens[self.at][0] not in (")", ";", ""):
            fields.append(self.field(depth))
            if not self.accept(","):
                break
        stated: dict[str, int] = {}
        if self.accept(";"):
            while self.tokens[self.at][0] in ("size", "align") and self.tokens[self.at][0] not in stated:
                word = self.tokens[self.at][0]
                self.at += 1
                stated[word] = self.number()
                self.accept(",")
        self.expect(")")
        if len({field.offset is None for field in fields}) > 1:
            raise self.error("either all fields have an offset or none", 0)
        return Struct(tuple(fields), stated.get("size"), stated.get("align"))

    def field(self, depth: int) -> Field:
        name = None
        if self.tokens[self.at + 1 : self.at + 2] and self.tokens[self.at + 1][0] == ":":
            name = self.tokens[self.at][0]
            self.at += 2
        declared = self.type(depth + 1)
        offset = self.number() if self.accept("@") else None
        return Field(declared, name, offset)
