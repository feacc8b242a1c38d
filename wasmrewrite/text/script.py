"""Test scripts (``.wast``): a sequence of commands with their places.

Does not contain: running them; modules inside are read when somebody asks for their bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from . import literals
from .assemble import assemble
from .cursor import ID, KEYWORD, NUMBER, OPEN, STRING, Cursor
from .fields import FIELDS
from .module import tokens_of
from .problem import Problem, Syntax, TextError
from .words import SHAPES

Place: TypeAlias = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class ModuleForm:
    """``(module ...)``. ``contents``: the text of the module, or its bytes if ``form`` is "binary".

    ``definition``: it is not instantiated. The text of a "quote" is bytes, as it may not be UTF-8.
    """

    place: Place
    form: Literal["text", "quote", "binary"]
    contents: str | bytes
    name: str | None = None
    definition: bool = False

    def binary(self) -> bytes:
        """The module's bytes. Raises ``TextError`` whose places count from the start of the contents."""
        return self.contents if self.form == "binary" and isinstance(self.contents, bytes) else assemble(self.contents)


@dataclass(frozen=True, slots=True)
class Instance:
    """``(module instance name? module?)``."""

    place: Place
    name: str | None
    module: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """``(register "namespace" module?)``."""

    place: Place
    namespace: str
    module: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ``type`` as bits; a pattern of NaNs if ``bits`` is "canonical" or "arithmetic"."""

    type: str
    bits: int | Literal["canonical", "arithmetic"]


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector of lanes; a lane may be a pattern."""

    shape: str
    lanes: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference. ``kind``: the keyword behind ``ref.``. ``value``: a heap type behind "null", a number behind
    "extern" and "host"; None is any such reference."""

    kind: str
    value: str | int | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several results."""

    values: tuple[Value, ...]


Value: TypeAlias = Number | Vector | Reference | Either


@dataclass(frozen=True, slots=True)
class Invoke:
    """``(invoke module? "export" argument*)``."""

    place: Place
    module: str | None
    export: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Get:
    """``(get module? "export")``."""

    place: Place
    module: str | None
    export: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """``(assert_... subject ...)``: ``kind`` is what follows ``assert_``; ``expected`` results or a message."""

    place: Place
    kind: str
    subject: Invoke | Get | ModuleForm
    expected: tuple[Value, ...] | str


Command: TypeAlias = ModuleForm | Instance | Register | Invoke | Get | Assertion


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    commands: tuple[Command, ...]


def read_script(text: str | bytes) -> Script:
    """Read a script. A text that is only fields is one module. Raises ``TextError``."""
    reader = _Reader(text)
    try:
        return reader.script()
    except Syntax as error:
        raise TextError(reader.tokens, [error.problem]) from None


class _Reader(Cursor):
    def __init__(self, text: str | bytes) -> None:
        super().__init__(tokens_of(text))

    def script(self) -> Script:
        faults = self.tokens.faults
        if faults:
            raise TextError(self.tokens, [Problem(fault.message, fault.start, fault.end) for fault in faults])
        if self.kind == OPEN and self.opened() in FIELDS:
            return Script((ModuleForm((1, 1), "text", self.tokens.source),))
        found = []
        while self.at < self.tokens.end:
            found.append(self._command())
        return Script(tuple(found))

    def _place(self) -> Place:
        return self.tokens.place(self.tokens.starts[self.at])

    def _command(self) -> Command:
        word = self.opened()
        if word not in _COMMANDS:
            self.at += self.kind == OPEN
            self.unexpected(f"a command: {', '.join(_COMMANDS)}")
        return _COMMANDS[word](self)

    # --- modules ----------------------------------------------------------------------------------------------------

    def _module(self) -> ModuleForm | Instance:
        place, start, closing = self._place(), self.at, self.open("module")
        definition = self.keyword("definition")
        if self.keyword("instance"):
            found: ModuleForm | Instance = Instance(place, self.identifier(), self.identifier())
            self._end(closing)
            return found
        name = self.identifier()
        if self.kind == KEYWORD and self.text in ("quote", "binary"):
            form: Any = self.text
            self.at += 1
            found = ModuleForm(place, form, self._strings(), name, definition)
            self._end(closing)
            return found
        if self.tokens.partner[start] == self.tokens.end:
            self.fail("unexpected token end of input; expected ')'", start)
        text = self.tokens.source[self.tokens.starts[start] : self.tokens.ends[closing]]
        self.at = closing + 1
        return ModuleForm(place, "text", text.replace("definition", "", 1) if definition else text, name, definition)

    def _strings(self) -> bytes:
        found = []
        while self.kind == STRING:
            found.append(self.string())
        return b"".join(found)

    def _end(self, closing: int) -> None:
        if self.at != closing:
            self.unexpected("')'")
        self.close()

    # --- actions and assertions -------------------------------------------------------------------------------------

    def _register(self) -> Register:
        place, closing = self._place(), self.open("register")
        found = Register(place, self.name(), self.identifier())
        self._end(closing)
        return found

    def _invoke(self) -> Invoke:
        place, closing = self._place(), self.open("invoke")
        found = Invoke(place, self.identifier(), self.name(), self._values(closing))
        self._end(closing)
        return found

    def _get(self) -> Get:
        place, closing = self._place(), self.open("get")
        found = Get(place, self.identifier(), self.name())
        self._end(closing)
        return found

    def _assertion(self) -> Assertion:
        place, word = self._place(), self.opened()
        closing = self.open(word)
        subject = self._command()
        if isinstance(subject, Register | Instance | Assertion):
            self.fail("unexpected token; expected an action or a module", closing)
        expected: tuple[Value, ...] | str = ""
        if word == "assert_return":
            expected = self._values(closing)
        elif word != "assert_exception":
            expected = self.name()
        self._end(closing)
        return Assertion(place, word.removeprefix("assert_"), subject, expected)

    # --- values -----------------------------------------------------------------------------------------------------

    def _values(self, closing: int) -> tuple[Value, ...]:
        found = []
        while self.at < closing:
            found.append(self._value())
        return tuple(found)

    def _value(self) -> Value:
        if self.opens("either"):
            closing = self.open("either")
            either = Either(tuple(self._plain_value() for _ in iter(lambda: self.at < closing, False)))
            self._end(closing)
            return either
        return self._plain_value()

    def _plain_value(self) -> Value:
        word = self.opened()
        if not word:
            self.unexpected("a value such as '(i32.const 0)'")
        closing = self.open(word)
        found: Value
        if word in _NUMBERS:
            found = self._number(_NUMBERS[word])
        elif word == "v128.const":
            found = self._vector()
        elif word.startswith("ref."):
            found = Reference(word[4:], self._reference_value(closing))
        else:
            self.at -= 1
            self.unexpected("a constant or a reference")
        self._end(closing)
        return found

    def _number(self, type: str) -> Number:
        at, text = self.at, self.take(NUMBER, f"an {type} constant")
        width = int(type[1:])
        if type[0] == "i":
            return Number(type, self.literal(at, literals.integer, width) % (1 << width))
        if text == "nan:canonical":
            return Number(type, "canonical")
        if text == "nan:arithmetic":
            return Number(type, "arithmetic")
        return Number(type, self.literal(at, literals.float_bits, width))

    def _vector(self) -> Vector:
        shape = self.take(KEYWORD, "a vector shape such as i32x4")
        if shape not in SHAPES:
            self.at -= 1
            self.unexpected("a vector shape such as i32x4")
        bits, count = SHAPES[shape]
        return Vector(shape, tuple(self._number(f"{shape[0]}{bits}") for _ in range(count)))

    def _reference_value(self, closing: int) -> str | int | None:
        if self.at == closing:
            return None
        if self.kind == NUMBER:
            self.at += 1
            return self.literal(self.at - 1, literals.unsigned, 32)
        if self.kind not in (KEYWORD, ID):
            self.unexpected("a heap type, a number or ')'")
        self.at += 1
        return self.texts[self.at - 1]


_NUMBERS: Final = {f"{type}.const": type for type in ("i32", "i64", "f32", "f64")}
_COMMANDS: Final[Mapping[str, Callable[[_Reader], Command]]] = {
    "module": _Reader._module,
    "register": _Reader._register,
    "invoke": _Reader._invoke,
    "get": _Reader._get,
    **dict.fromkeys(
        (
            "assert_return", "assert_trap", "assert_exhaustion", "assert_exception", "assert_malformed",
            "assert_invalid", "assert_unlinkable", "assert_malformed_custom", "assert_invalid_custom",
        ),
        _Reader._assertion,
    ),
}  # fmt: skip
