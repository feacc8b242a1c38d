"""C++ names in the Itanium mangling: functions, methods, templates, lambdas, tables; not expressions and decltype.

Names are spelled as GNU ``c++filt`` spells them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from .mangled import Cursor, Rule, UnknownName, run

_BUILTIN: Final = MappingProxyType(
    {
        "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "a": "signed char", "h": "unsigned char", "s": "short",
        "t": "unsigned short", "i": "int", "j": "unsigned int", "l": "long", "m": "unsigned long", "x": "long long",
        "y": "unsigned long long", "n": "__int128", "o": "unsigned __int128", "f": "float", "d": "double",
        "e": "long double", "g": "__float128", "z": "...",
        "Dn": "decltype(nullptr)", "Di": "char32_t", "Ds": "char16_t", "Du": "char8_t", "Da": "auto",
        "Dc": "decltype(auto)",
    }
)  # fmt: skip
_OPERATORS: Final = MappingProxyType(
    {
        "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "ps": "+", "ng": "-", "ad": "&", "de": "*",
        "co": "~", "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=",
        "pL": "+=", "mI": "-=", "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<",
        "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
        "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++", "mm": "--", "cm": ",", "pm": "->*", "pt": "->",
        "cl": "()", "ix": "[]", "qu": "?",
    }
)  # fmt: skip
_STANDARD: Final = MappingProxyType(
    {
        "a": "std::allocator", "b": "std::basic_string", "s": "std::string", "i": "std::istream", "o": "std::ostream",
        "d": "std::iostream",
    }
)  # fmt: skip
_SPECIAL: Final = MappingProxyType(
    {"V": "vtable for ", "T": "VTT for ", "I": "typeinfo for ", "S": "typeinfo name for "}
)
_QUALIFIERS: Final = MappingProxyType({"r": " restrict", "V": " volatile", "K": " const"})
_POINTERS: Final = MappingProxyType({"P": "*", "R": "&", "O": "&&"})
_SUFFIXES: Final = MappingProxyType({"int": "", "unsigned int": "u", "long": "l", "unsigned long": "ul",
                                     "long long": "ll", "unsigned long long": "ull"})  # fmt: skip
_ABI_TAGS: Final = re.compile(r"(?:\[abi:[^\]]*\])+$")
_BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _Type:
    """A type around the place of a name: ``int (*`` and ``)(char)``. A ``pack`` stands for several types."""

    left: str
    right: str = ""
    wrapped: bool = False
    pack: tuple[_Type, ...] | None = None

    def __str__(self) -> str:
        if self.pack is not None:
            raise UnknownName
        return self.left + self.right

    def each(self, change: Callable[[_Type], _Type]) -> _Type:
        """The same change of every type of a pack."""
        if self.pack is None:
            return change(self)
        return replace(self, pack=tuple(map(change, self.pack)))


@dataclass(frozen=True, slots=True)
class _Named:
    """A name, and what its function type depends on: arguments at its end, no result (constructors), qualifiers."""

    text: str
    template: bool = False
    resultless: bool = False
    qualifiers: str = ""


def demangle_cpp(text: str) -> str:
    """``text`` follows the ``_Z``. Raises ``UnknownName``."""
    name = _Name(text)
    shown: str = run(name.encoding())
    suffix = name.text[name.pos :]
    if suffix and not suffix.startswith("."):
        raise UnknownName
    return f"{shown} [clone {suffix}]" if suffix else shown


def _joined(types: list[_Type]) -> str:
    texts = [str(each) for group in types for each in (group.pack if group.pack is not None else (group,))]
    return ", ".join(text for text in texts if text)


def _pointer(mark: str) -> Callable[[_Type], _Type]:
    def to(inner: _Type) -> _Type:
        if mark[0] == "&" and inner.left.endswith("&"):
            # A reference to a reference is one, to a value only if both are.
            bare = inner.left.rstrip("&")
            return replace(inner, left=bare + ("&&" if mark == "&&" and inner.left.endswith("&&") else "&"))
        if not inner.right or inner.wrapped:
            return replace(inner, left=inner.left + mark)
        right = inner.right if inner.right.startswith(" [") else inner.right.lstrip()
        return _Type(f"{inner.left} ({mark}", f"){right}", True)

    return to


def _last(name: str) -> str:
    """The last part of a qualified name without its template arguments: what constructors are called."""
    name = _ABI_TAGS.sub("", name)
    depth, end, at = 0, len(name), len(name)
    while at:
        at -= 1
        if name[at] == ">":
            depth += 1
        elif name[at] == "<":
            depth -= 1
            end = at if depth == 0 and end == len(name) else end
        elif depth == 0 and name.endswith("::", 0, at + 1):
            return name[at + 1 : end]
    return name[:end]


class _Name(Cursor):
    """The rules of the grammar; ``seen`` are the candidates for substitution, ``params`` the template's arguments."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.seen: list[_Type] = []
        self.params: list[_Type] = []

    def see(self, type: _Type) -> _Type:
        """Make ``type`` a candidate for substitution."""
        self.seen.append(type)
        return type

    # --- encodings --------------------------------------------------------------------------------------------------

    def encoding(self, with_result: bool = True) -> Rule:
        """A function with its type, data, or something the compiler made; around a local name without its result."""
        if self.skip("T"):
            return (yield self.special())
        if self.skip("GV"):
            return "guard variable for " + (yield self.name()).text
        named = yield self.name(True)
        if self.done or self.peek() in "E.":
            return named.text + named.qualifiers
        result = (yield self.type()) if named.template and not named.resultless else None
        params = _joined((yield self.params_up_to_end()))
        shown = f"{named.text}({'' if params == 'void' else params}){named.qualifiers}"
        if result is None or not with_result:
            return shown
        return f"{result.left}{'' if result.wrapped else ' '}{shown}{result.right}"

    def params_up_to_end(self) -> Rule:
        """Types of parameters."""
        found: list[_Type] = []
        while not self.done and self.peek() not in "E.":
            found.append((yield self.type()))
        return found

    def special(self) -> Rule:
        """Virtual tables, type information, thunks; behind the ``T``."""
        tag = self.take()
        if tag in _SPECIAL:
            return _SPECIAL[tag] + str((yield self.type()))
        if tag in "hv":
            for _ in range(1 if tag == "h" else 2):
                self.skip("n")
                self.number()
                self.expect("_")
            kind = "non-virtual" if tag == "h" else "virtual"
            return f"{kind} thunk to " + (yield self.encoding())
        if tag in "WH":
            kind = "wrapper" if tag == "W" else "init function"
            return f"TLS {kind} for " + (yield self.name()).text
        raise UnknownName

    # --- names ------------------------------------------------------------------------------------------------------

    def name(self, own: bool = False) -> Rule:
        """A name, qualified or not; the arguments of an encoding's ``own`` name are what ``T_`` means behind it."""
        if self.skip("N"):
            return (yield self.nested(own))
        if self.skip("Z"):
            return (yield self.local(own))
        if self.peek() == "S" and self.peek(2) != "St":
            text = str(self.substitution())
            self.expect("I")
        else:
            prefix = "std::" if self.skip("St") else ""
            text, resultless = yield self.unqualified("")
            text = prefix + text
            if not self.skip("I"):
                return _Named(text, resultless=resultless)
            self.see(_Type(text))
        arguments = yield self.arguments()
        if own:
            self.params = arguments
        return _Named(self.with_arguments(text, arguments), template=True)

    @staticmethod
    def with_arguments(text: str, arguments: list[_Type]) -> str:
        """A template's name with its arguments, spelled so that no ``<<`` and no ``>>`` comes about."""
        inner = _joined(arguments)
        return f"{text}{' ' if text.endswith('<') else ''}<{inner}{' ' if inner.endswith('>') else ''}>"

    def nested(self, own: bool) -> Rule:
        """A qualified name, behind the ``N``."""
        qualifiers = "".join(reversed(self.qualifiers()))
        reference = " &" if self.skip("R") else " &&" if self.skip("O") else ""
        text, template, resultless = "", False, False
        while not self.skip("E"):
            if self.peek() == "S":
                text, template = ("std" if self.skip("St") else str(self.substitution())), False
                continue
            if text and self.skip("I"):
                arguments = yield self.arguments()
                self.params = arguments if own else self.params
                text, template = self.with_arguments(text, arguments), True
            elif self.peek() == "T":
                text, template = str(self.parameter()), False
            else:
                part, resultless = yield self.unqualified(_last(text))
                text, template = f"{text}::{part}" if text else part, False
            self.see(_Type(text))
        if not text or not self.seen:
            raise UnknownName
        self.seen.pop()  # the whole is no prefix; as a type it is seen again
        return _Named(text, template, resultless, qualifiers + reference)

    def qualifiers(self) -> list[str]:
        """Qualifiers in the order of the name."""
        found = []
        while self.peek() and self.peek() in _QUALIFIERS:
            found.append(_QUALIFIERS[self.take()])
        return found

    def local(self, own: bool) -> Rule:
        """A name inside a function, behind the ``Z``."""
        before = self.params
        outer = yield self.encoding(False)
        self.params = self.params if own else before
        self.expect("E")
        if self.skip("s"):
            self.discriminator()
            return _Named(f"{outer}::string literal")
        if self.skip("d"):
            self.digits()
            self.expect("_")
        inner = yield self.name(own)
        self.discriminator()
        return replace(inner, text=f"{outer}::{inner.text}")

    def discriminator(self) -> None:
        """Which one of several of the same name: left out."""
        if self.skip("__"):
            self.number()
            self.expect("_")
        elif self.skip("_"):
            self.take()

    def unqualified(self, outer: str) -> Rule:
        """One part of a name, and whether a function of that name has no result; ``outer`` is its class's name."""
        self.skip("L")  # internal linkage
        text, resultless = "", False
        tag = self.peek(2)
        if tag[:1] in ("C", "D") and tag[1:] and tag[1] in "012345" and outer:
            self.take(2)
            text, resultless = ("~" if tag[0] == "D" else "") + outer, True
        elif tag == "cv":
            self.take(2)
            text, resultless = f"operator {(yield self.type())}", True
        elif tag == "li":
            self.take(2)
            text = f'operator"" {self.source_name()}'
        elif tag in _OPERATORS:
            self.take(2)
            text = f"operator{_OPERATORS[tag]}"
        elif tag in ("Ul", "Ut"):
            text = yield self.unnamed()
        else:
            text = self.source_name()
        while self.skip("B"):
            text += f"[abi:{self.source_name()}]"
        return text, resultless

    def unnamed(self) -> Rule:
        """A lambda, or a type without a name."""
        kind = self.take(2)
        if kind == "Ul":
            params = _joined((yield self.params_up_to_end()))
            self.expect("E")
            shown = f"lambda({'' if params == 'void' else params})"
        else:
            shown = "unnamed type"
        digits = self.digits()
        self.expect("_")
        return f"{{{shown}#{int(digits[:6] or -1) + 2}}}"

    def source_name(self) -> str:
        """A name as written."""
        text = self.take(self.number())
        return "(anonymous namespace)" if text.startswith("_GLOBAL__N") else text

    # --- references to what came before -----------------------------------------------------------------------------

    def substitution(self) -> _Type:
        """Something seen before, or one of the standard library's abbreviations."""
        self.expect("S")
        if self.peek() in _STANDARD and self.peek():
            return _Type(_STANDARD[self.take()])
        return self.chosen(self.seen, self.position(_BASE_36))

    def parameter(self) -> _Type:
        """A template's argument."""
        self.expect("T")
        return self.chosen(self.params, self.position("0123456789"))

    def position(self, alphabet: str) -> int:
        """``_`` is 0, ``0_`` is 1, and so on."""
        value = -1
        while not self.skip("_"):
            digit = alphabet.find(self.take())
            if digit < 0 or value > 100_000:
                raise UnknownName
            value = max(value, 0) * len(alphabet) + digit
        return value + 1

    @staticmethod
    def chosen(types: list[_Type], at: int) -> _Type:
        """One of ``types``."""
        if at >= len(types):
            raise UnknownName
        return types[at]

    # --- types ------------------------------------------------------------------------------------------------------

    def arguments(self) -> Rule:
        """Template arguments, behind the ``I`` or ``J``."""
        found: list[_Type] = []
        while not self.skip("E"):
            if self.skip("J"):
                inner = yield self.arguments()
                found.append(_Type("", pack=tuple(inner)))
            elif self.skip("L"):
                found.append(_Type((yield self.literal())))
            else:
                found.append((yield self.type()))
        return found

    def literal(self) -> Rule:
        """A constant as a template argument, behind the ``L``."""
        if self.skip("_Z"):
            shown = yield self.encoding()
            self.expect("E")
            return shown
        type = str((yield self.type()))
        sign = "-" if self.skip("n") else ""
        digits = self.digits()
        self.expect("E")
        if not digits:
            raise UnknownName
        if type == "bool" and digits in "01":
            return ("false", "true")[int(digits)]
        return f"{sign}{digits}{_SUFFIXES[type]}" if type in _SUFFIXES else f"({type}){sign}{digits}"

    def type(self) -> Rule:
        """A type."""
        tag = self.peek()
        for size in (1, 2):
            if self.peek(size) in _BUILTIN:
                return _Type(_BUILTIN[self.take(size)])
        if tag and tag in "PRO":
            mark = _POINTERS[self.take()]
            return self.see((yield self.type()).each(_pointer(mark)))
        if tag and tag in _QUALIFIERS:
            added = "".join(reversed(self.qualifiers()))
            inner = yield self.type()
            return self.see(inner.each(lambda each: _qualified(each, added)))
        if tag == "S" and self.peek(2) != "St":
            return (yield self.maybe_template(self.substitution()))
        if tag == "T":
            return (yield self.maybe_template(self.see(self.parameter())))
        return (yield self.other_type(tag))

    def maybe_template(self, type: _Type) -> Rule:
        """``type``, with arguments if some follow."""
        if not self.skip("I"):
            return type
        yielded = yield self.arguments()
        return self.see(_Type(self.with_arguments(str(type), yielded)))

    def other_type(self, tag: str) -> Rule:
        """Functions, arrays, pointers to members, packs, vendors' and named types."""
        if tag == "F" or self.peek(3) == "DoF":
            return self.see((yield self.function()))
        if self.skip("A"):
            size = self.digits()
            self.expect("_")
            inner = yield self.type()
            return self.see(inner.each(lambda each: _Type(each.left, f" [{size}]" + each.right.lstrip())))
        if self.skip("M"):
            holder = str((yield self.type()))
            return self.see((yield self.type()).each(lambda each: _member(holder, each)))
        if self.skip("Dp"):
            return (yield self.type())
        if self.skip("u"):
            return self.see(_Type(self.source_name()))
        if tag and (tag in "NZS" or tag in "0123456789"):
            return self.see(_Type((yield self.name()).text))
        raise UnknownName

    def function(self) -> Rule:
        """A function type."""
        noexcept = " noexcept" if self.skip("Do") else ""
        self.expect("F")
        self.skip("Y")
        result = yield self.type()
        params: list[_Type] = []
        reference = ""
        while not self.skip("E"):
            if self.peek(2) in ("RE", "OE"):
                reference = " &" if self.take() == "R" else " &&"
            else:
                params.append((yield self.type()))
        shown = _joined(params)
        return _Type(result.left, f" ({'' if shown == 'void' else shown}){reference}{noexcept}{result.right}")


def _qualified(type: _Type, added: str) -> _Type:
    if type.right.startswith(" (") and not type.wrapped:
        return replace(type, right=type.right + added)
    return type if type.left.endswith(added) else replace(type, left=type.left + added)


def _member(holder: str, of: _Type) -> _Type:
    if not of.right:
        return replace(of, left=f"{of.left} {holder}::*")
    return _Type(f"{of.left} ({holder}::*", f"){of.right.lstrip()}", True)
