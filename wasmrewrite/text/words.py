"""Types and operands: the ``Words`` that the operand kinds of ``isa`` parse themselves from.

Not here: which operands an instruction has (``isa``), what instructions stand in (``body``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

from ..isa.immediates import CATCH_NAMES, BlockType, Catch, Space
from ..isa.types import (
    HEAPS,
    NUMBERS,
    SHORT_REFS,
    FuncType,
    HeapType,
    RefType,
    ValType,
)
from . import literals
from .annotations import Annotations
from .cursor import CLOSE, ID, KEYWORD, NUMBER, Cursor
from .lexer import Token, Tokens
from .nearness import closest
from .symbols import Scope, Symbols

SHAPES: Final = {
    "i8x16": (8, 16), "i16x8": (16, 8), "i32x4": (32, 4), "i64x2": (64, 2), "f32x4": (32, 4), "f64x2": (64, 2),
}  # fmt: skip
_OUTDATED: Final = {"anyfunc": "funcref"}
_LANES: Final = 16
_MANY: Final = 2000
"""Names beyond this many are not searched for a suggestion."""


class Words(Cursor):
    """Reads what stands in instructions and type uses, in the scope of one function."""

    def __init__(self, tokens: Tokens, symbols: Symbols) -> None:
        super().__init__(tokens)
        self.symbols = symbols
        self.scope = Scope()
        self.annotations = Annotations(tokens)
        self._comparisons = 10 * _MANY
        self.mandatory = 0  # how many indices the instruction at hand needs besides those it may leave out

    # --- indices ----------------------------------------------------------------------------------------------------

    def index(self, space: Space) -> int:
        """An index, or a name of that space."""
        self.mandatory -= 1
        kind = self.kinds[self.at]
        if kind == NUMBER:
            return self.unsigned(32)
        if kind != ID:
            self.unexpected(f"a {space.value} index or name")
        at = self.at
        name = self.identifier() or ""
        return self._named(space, name, at)

    def _named(self, space: Space, name: str, at: int) -> int:
        if space is Space.LABEL:
            found = self.scope.label(name)
            known: Collection[str] = [each.name for each in self.scope.labels if each.name is not None]
        elif space is Space.LOCAL:
            found, known = self.scope.locals.by_name.get(name), self.scope.locals.by_name
        elif space is Space.FIELD:
            found, known = self._field(name)
        else:
            found, known = self.symbols[space].by_name.get(name), self.symbols[space].by_name
        if found is None:
            self.fail(f"unknown {space.value} '${name}'{self._meant(name, known)}", at)
        return found

    def _meant(self, name: str, known: Collection[str]) -> str:
        """A suggestion, as long as comparing names has not taken too long in this text."""
        if self._comparisons <= 0:
            return ""
        self._comparisons -= min(len(known), _MANY)
        return suggested(name, islice(known, _MANY), "$")

    def _field(self, name: str) -> tuple[int | None, Collection[str]]:
        """The field of the type whose index stands in front."""
        names = self.symbols.types.fields.get(self.struct)
        return (None, ()) if names is None else (names.by_name.get(name), names.by_name)

    struct = -1
    """The index of the structure type that was read last."""

    def optional_index(self, space: Space) -> int | None:
        """The same, or None if no index stands here, or only as many as are needed for others."""
        ahead = 0
        while self.is_index(ahead):
            ahead += 1
        behind = self.texts[self.at + ahead]
        named = self.kinds[self.at + ahead] == KEYWORD and behind.startswith(("offset=", "align="))
        if not ahead or (ahead <= max(self.mandatory, 0) and not named):
            return None
        self.mandatory += 1
        return self.index(space)

    def indices(self, space: Space) -> tuple[int, ...]:
        """All indices that stand here, one at least."""
        found = [self.index(space)]
        while self.is_index():
            found.append(self.index(space))
        return tuple(found)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def integer(self, bits: int) -> int:
        """A signed or unsigned literal of that many bits, as a signed number."""
        self.take(NUMBER, f"an i{bits} constant")
        return self.literal(self.at - 1, literals.integer, bits)

    def unsigned(self, bits: int) -> int:
        """An unsigned literal of that many bits."""
        self.take(NUMBER, "an unsigned integer")
        return self.literal(self.at - 1, literals.unsigned, bits)

    def float_bits(self, width: int) -> int:
        """A float literal of 32 or 64 bits, as bits."""
        self.take(NUMBER, f"an f{width} constant")
        return self.literal(self.at - 1, literals.float_bits, width)

    def lanes(self) -> tuple[int, ...]:
        """The 16 lane indices of a shuffle."""
        first = self.at
        while self.kind == NUMBER:
            self.at += 1
        count = self.at - first
        if count != _LANES:
            last = max(first, self.at - 1)
            self.fail(f"invalid lane length; expected {_LANES} lane indices, found {count}", first, last)
        return tuple(self.literal(at, literals.lane) for at in range(first, self.at))

    def v128(self) -> bytes:
        """A shape and its lanes."""
        at = self.at
        shape = self.take(KEYWORD, "a vector shape such as i32x4")
        if shape not in SHAPES:
            self.fail(f"unexpected token '{shape}'; expected a vector shape such as i32x4", at)
        bits, count = SHAPES[shape]
        written = 0
        while self.kinds[self.at + written] == NUMBER:
            written += 1
        if self.kinds[self.at + written] == Token.RESERVED:
            self.at += written
            self.unexpected("a lane literal")
        if written != count:
            self.fail(f"wrong number of lane literals; {shape} has {count}, not {written}", at, self.at + written - 1)
        read = self.float_bits if shape[0] == "f" else self.integer
        lanes = [read(bits) % (1 << bits) for _ in range(count)]
        return b"".join(lane.to_bytes(bits // 8, "little") for lane in lanes)

    def offset(self) -> int:
        """The number of ``offset=...``; 0 if there is none."""
        return self._setting("offset=") or 0

    def alignment(self, natural: int) -> int:
        """The exponent of ``align=...``; ``natural`` if there is none."""
        value = self._setting("align=")
        if value is None:
            return natural
        if value == 0 or value & (value - 1):
            self.fail("alignment must be a power of two", self.at - 1)
        return value.bit_length() - 1

    def _setting(self, prefix: str) -> int | None:
        if self.kind != KEYWORD or not self.text.startswith(prefix):
            return None
        self.at += 1
        value = self.texts[self.at - 1][len(prefix) :]
        if not value or not value[0].isascii() or not value[0].isdigit():
            self.fail(f"unknown operator {self.shown(self.at - 1)}; expected a number after '{prefix}'", self.at - 1)
        return self.literal(self.at - 1, lambda _text: literals.unsigned(value, 64))

    # --- types ------------------------------------------------------------------------------------------------------

    def heap_type(self) -> HeapType:
        """A heap type."""
        if self.is_index():
            return self.index(Space.TYPE)
        at = self.at
        word = self.take(KEYWORD, "a heap type")
        found = HEAPS.get(word)
        if found is None:
            self.fail(f"unexpected token '{word}'; expected a heap type{suggested(word, HEAPS)}", at)
        return found

    def ref_type(self) -> RefType:
        """A reference type."""
        found = self.val_type()
        if not isinstance(found, RefType):
            self.fail(f"unexpected token '{found}'; expected a reference type", self.at - 1)
        return found

    def val_type(self) -> ValType:
        """A value type."""
        if self.opens("ref"):
            self.at += 2
            nullable = self.keyword("null")
            heap = self.heap_type()
            self.close()
            return RefType(nullable, heap)
        word = self.text
        found = NUMBERS.get(word) or SHORT_REFS.get(word) if self.kind == KEYWORD else None
        if found is None:
            if word in _OUTDATED:
                self.fail(f"unknown operator {word}; it is '{_OUTDATED[word]}' since WebAssembly 2.0", self.at)
            self.unexpected(f"a value type{suggested(word, (*NUMBERS, *SHORT_REFS))}")
        self.at += 1
        return found

    def val_types(self) -> list[ValType]:
        """All value types that stand here."""
        found = []
        while self.kind == KEYWORD or self.opens("ref"):
            found.append(self.val_type())
        return found

    def result_types(self) -> tuple[ValType, ...]:
        """``(result ...)`` clauses."""
        found: list[ValType] = []
        while self.opens("result"):
            self.at += 2
            found += self.val_types()
            self.close()
        return tuple(found)

    def params(self, named: bool) -> tuple[list[ValType], list[str | None], list[int]]:
        """``(param ...)`` clauses: types, names and the tokens of the names; ``named`` if they may have names."""
        types: list[ValType] = []
        names: list[str | None] = []
        places: list[int] = []
        while self.opens("param"):
            self.at += 2
            first = self.at
            if self.kind == ID:
                if not named:
                    self.unexpected("a value type: parameters have no names here")
                places.append(first)
                names.append(self.identifier())
                types.append(self.val_type())
            else:
                found = self.val_types()
                types += found
                names += [None] * len(found)
                places += [first if len(found) == 1 else -1] * len(found)
            self.close()
        return types, names, places

    def func_type(self, named: bool) -> tuple[FuncType, list[str | None], list[int]]:
        """Parameters and results, as ``params``."""
        types, names, places = self.params(named)
        return FuncType(tuple(types), self.result_types()), names, places

    def type_use(self) -> int:
        """A type use without names."""
        return self.named_type_use(named=False)[0]

    def named_type_use(self, named: bool = True) -> tuple[int, list[str | None], list[int]]:
        """A type use: the index of the type, and the names of its parameters as ``params``."""
        if not self.opens("type"):
            inline, names, places = self.func_type(named)
            return self.symbols.types.implied(inline), names, places
        start = self.at
        index = self._type_reference()
        end = self.at - 1
        repeated = self.opens("param") or self.opens("result")
        inline, names, places = self.func_type(named)
        if self.opens("param"):
            self.unexpected("parameters before results")
        known = self.symbols.types.func(index)
        if repeated and index >= len(self.symbols.types.all):
            self.fail(f"unknown type {index}", start, end)
        if repeated and (known is None or known != inline):
            wanted = "that is not a function type" if known is None else f"the type is {known}"
            self.fail(f"inline function type {inline} does not match: {wanted}", start, end)
        if not repeated and known is not None:
            names, places = [None] * len(known.params), [-1] * len(known.params)
        return index, names, places

    def _type_reference(self) -> int:
        self.at += 2
        index = self.index(Space.TYPE)
        self.close()
        return index

    def block_type(self) -> BlockType:
        """A block type: nothing, one result, or a type use."""
        if self.opens("type"):
            return self.type_use()
        inline = self.func_type(named=False)[0]
        if inline.params or len(inline.results) > 1:
            return self.symbols.types.implied(inline)
        return inline.results[0] if inline.results else None

    def catches(self) -> tuple[Catch, ...]:
        """Catch clauses."""
        found = []
        while self.opened() in CATCH_NAMES:
            kind = CATCH_NAMES.index(self.opened())
            self.at += 2
            tag = self.index(Space.TAG) if kind < 2 else None
            found.append(Catch(kind, tag, self.index(Space.LABEL)))
            self.close()
        return tuple(found)

    def until_close(self, closing: int) -> None:
        """Check that everything up to a closing parenthesis was read, and go behind it."""
        if self.at != closing:
            self.unexpected("')'")
        if self.kinds[closing] == CLOSE:
            self.at += 1
        elif self.kinds[closing] == Token.END:
            self.unexpected("')'")


def suggested(word: str, known: Iterable[str], prefix: str = "") -> str:
    """ "; did you mean ...", or nothing."""
    found = closest(word, known)
    return f"; did you mean '{prefix}{found}'?" if found else ""
