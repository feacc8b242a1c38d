"""C++ names in the Itanium mangling: functions, methods, templates, lambdas, tables; spelled as by GNU ``c++filt``.

Not here: expressions (``demangle_cpp_expr``), references to what came before (``demangle_cpp_seen``).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final, NamedTuple

from .demangle_cpp_expr import OPERATORS
from .demangle_cpp_seen import BASE_36, Origin, References
from .demangle_cpp_type import (
    BUILTIN,
    Shape,
    Type,
    array,
    joined,
    last_part,
    member,
    pointer,
    qualified,
    with_arguments,
)
from .mangled import UnknownName

_SPECIAL: Final = MappingProxyType(
    {"V": "vtable for ", "T": "VTT for ", "I": "typeinfo for ", "S": "typeinfo name for "}
)
_OF_NAMES: Final = MappingProxyType({"W": "TLS wrapper function for ", "H": "TLS init function for "})
_QUALIFIERS: Final = MappingProxyType({"r": " restrict", "V": " volatile", "K": " const"})
_POINTERS: Final = MappingProxyType({"P": "*", "R": "&", "O": "&&"})
_OF_OBJECT: Final = frozenset("HrVKRO")
_DIGITS: Final = frozenset("0123456789")
_NESTED_OR_NAMED: Final = frozenset("NZS0123456789")
_DECLARATIONS: Final = frozenset({"Ty", "Tn", "Tt", "Tp", "Tk"})


class _Named(NamedTuple):
    """A name, and what its function type depends on: arguments at its end, no result (constructors), qualifiers."""

    text: str
    template: bool = False
    resultless: bool = False
    qualifiers: str = ""


def demangle_cpp(text: str, work: int) -> tuple[str, int]:
    """``text`` follows the ``_Z``; what it stands for, and what is left of ``work``. Raises ``UnknownName``."""
    name = _Name(text, work)
    try:
        shown = name.encoding()
        if name.forward:
            # A conversion to a type that the template's arguments name, which stand behind it: they are known now.
            again = _Name(text, name.left)
            again.known = name.params
            name, shown = again, again.encoding()
        suffix = name.text[name.pos :]
        if suffix and not suffix.startswith("."):
            raise UnknownName
    except (UnknownName, RecursionError):  # the latter only where the caller's own calls are very deep
        raise UnknownName(name.left) from None
    return (f"{shown} [clone {suffix}]" if suffix else shown), name.left


class _Name(References):
    """The rules of the grammar."""

    # --- encodings --------------------------------------------------------------------------------------------------

    def encoding(self, with_result: bool = True) -> str:
        """A function with its type, data, or something the compiler made; around a local name without its result."""
        self.enter()
        shown = self.written(self.special() if self.skip("T") else self.plain_encoding(with_result))
        self.depth -= 1
        return shown

    def plain_encoding(self, with_result: bool) -> str:
        """A function with its type, or data."""
        if self.skip("GV"):
            return "guard variable for " + self.name().text
        if self.skip("GR"):
            bound = self.name().text
            return f"reference temporary #{self.position(BASE_36)} for {bound}"
        if self.skip("GTt"):
            return "transaction clone for " + self.encoding()
        named = self.name(True)
        if self.done or self.peek() in "E.Q":
            self.mentioned = named.text
            return named.text + named.qualifiers
        result = self.type() if named.template and not named.resultless else None
        params = joined(self.params_up_to_end())
        shown = f"{named.text}({'' if params == 'void' else params}){named.qualifiers}"
        if self.skip("Q"):
            shown += f" requires {self.expression()}"
        self.mentioned = named.text
        if result is None or not with_result:
            return shown
        if isinstance(result, Shape):
            return f"{result.left}{'' if result.wrapped else ' '}{shown}{result.right}"
        return f"{result} {shown}"

    def params_up_to_end(self) -> list[Type]:
        """Types of parameters."""
        found: list[Type] = []
        while self.pos < self.end and self.text[self.pos] not in "E.Q":
            found.append(self.type())
        return found

    def special(self) -> str:
        """Virtual tables, type information, thunks; behind the ``T``."""
        tag = self.take()
        if tag in _SPECIAL:
            return _SPECIAL[tag] + str(self.type())
        if tag in _OF_NAMES:
            return _OF_NAMES[tag] + self.name().text
        if tag in "hv":
            self.call_offset(tag)
            return f"{'non-virtual' if tag == 'h' else 'virtual'} thunk to {self.encoding()}"
        if tag == "c":
            self.call_offset(self.take())
            self.call_offset(self.take())
            return f"covariant return thunk to {self.encoding()}"
        if tag == "C":
            derived = str(self.type())
            self.number()
            self.expect("_")
            return f"construction vtable for {self.type()}-in-{derived}"
        raise UnknownName

    def call_offset(self, kind: str) -> None:
        """How a thunk adjusts a pointer; left out."""
        if kind not in "hv":
            raise UnknownName
        for _ in range(1 if kind == "h" else 2):
            self.skip("n")
            self.number()
            self.expect("_")

    # --- names ------------------------------------------------------------------------------------------------------

    def name(self, own: bool = False) -> _Named:
        """A name, qualified or not; the arguments of an encoding's ``own`` name are what ``T_`` means behind it."""
        tag = self.peek()
        if tag == "N":
            self.pos += 1
            return self.nested(own)
        if tag == "Z":
            self.pos += 1
            return self.local(own)
        if tag == "S" and self.peek(2) != "St":
            text = str(self.substitution())
            self.expect("I")
        else:
            prefix = "std::" if tag == "S" else ""
            self.pos += len(prefix) and 2
            text, resultless = self.unqualified("")
            text = prefix + text
            if not self.skip("I"):
                return _Named(text, resultless=resultless)
            self.see(text)
            if resultless:
                return _Named(self.template(text, own), resultless=True)
        return _Named(self.template(text, own), template=True)

    def template(self, text: str, own: bool = False) -> str:
        """A template's name with its arguments, which follow."""
        return self.written(with_arguments(text, self.arguments(own)))

    def nested(self, own: bool) -> _Named:
        """A qualified name, behind the ``N``."""
        qualifiers = self.of_object() if self.peek() in _OF_OBJECT else ""
        text, template, resultless, at_once = "", False, False, True
        while True:
            tag = self.peek()
            if tag == "E":
                self.pos += 1
                break
            if tag == "S":
                text, template = ("std" if self.skip("St") else str(self.substitution())), False
                continue
            if tag == "I" and text:
                self.pos += 1
                text, template = self.template(text, own), True
            elif tag == "T" and not text:
                text, template = str(self.parameter()), False
            elif tag == "D" and self.peek(2) in ("Dt", "DT") and not text:
                text, template = self.decltype(), False
            elif tag == "M" and text:
                self.pos += 1  # the variable that a lambda initializes: a part of the name already
                continue
            else:
                part, resultless = self.unqualified(text)
                text, template = self.written(f"{text}::{part}" if text else part), False
            self.seen.append(text)
            at_once = False
        if not text or at_once:
            raise UnknownName
        self.seen.pop()  # the whole is no prefix; as a type it is seen again
        return _Named(text, template, resultless, qualifiers)

    def of_object(self) -> str:
        """What a method demands of its object."""
        self.skip("H")
        qualifiers = "".join(reversed(self.qualifiers()))
        return qualifiers + (" &" if self.skip("R") else " &&" if self.skip("O") else "")

    def qualifiers(self) -> list[str]:
        """Qualifiers in the order of the name."""
        found = []
        while self.peek() in _QUALIFIERS:
            found.append(_QUALIFIERS[self.take()])
        return found

    def local(self, own: bool) -> _Named:
        """A name inside a function, behind the ``Z``."""
        before, generic = self.params, self.generic
        self.generic = False
        outer = self.encoding(False)
        self.params, self.generic = self.params if own else before, generic
        self.expect("E")
        if self.skip("s"):
            self.discriminator()
            return _Named(f"{outer}::string literal")
        if self.skip("d"):
            self.digits()
            self.expect("_")
        inner = self.name(own)
        self.discriminator()
        return inner._replace(text=self.written(f"{outer}::{inner.text}"))

    def discriminator(self) -> None:
        """Which one of several of the same name: left out."""
        if self.skip("__"):
            self.number()
            self.expect("_")
        elif self.skip("_"):
            self.take()

    def unqualified(self, outer: str) -> tuple[str, bool]:
        """One part of a name, and whether a function of that name has no result; ``outer`` is what stands before."""
        tag = self.peek()
        if tag == "L":  # internal linkage
            self.pos += 1
            tag = self.peek()
        text, resultless = (self.source_name(), False) if tag in _DIGITS else self.made_name(outer)
        while self.peek() == "B":
            self.pos += 1
            text += f"[abi:{self.source_name()}]"
        return text, resultless

    def made_name(self, outer: str) -> tuple[str, bool]:
        """One part of a name that nobody wrote so; as ``unqualified``."""
        tag = self.take(2)
        if tag[0] in "CD" and tag[1] in "I012345" and outer:
            if tag == "CI":
                self.take()
                self.name()  # the base class whose constructor is inherited
            self.left -= len(outer)
            return ("~" if tag[0] == "D" else "") + last_part(outer), True
        if tag == "cv":
            params = self.params
            self.params, self.converting = self.known, True
            text = f"operator {self.type()}"
            self.params, self.converting = params, False
            return text, True
        if tag == "li":
            return f'operator"" {self.source_name()}', False
        if tag == "DC":
            parts = [self.source_name()]
            while not self.skip("E"):
                parts.append(self.source_name())
            return f"[{', '.join(parts)}]", False
        if tag in OPERATORS:
            return f"operator{OPERATORS[tag]}", False
        return self.unnamed(tag), False

    def unnamed(self, kind: str) -> str:
        """A lambda, or a type without a name."""
        if kind == "Ul":
            before, self.generic = self.generic, True
            while self.peek(2) in _DECLARATIONS:
                self.declaration()
            params = joined(self.params_up_to_end())
            self.generic = before
            self.expect("E")
            shown = f"lambda({'' if params == 'void' else params})"
        elif kind == "Ut":
            shown = "unnamed type"
        else:
            raise UnknownName
        digits = self.digits()
        self.expect("_")
        return f"{{{shown}#{int(digits[:6] or -1) + 2}}}"

    def source_name(self) -> str:
        """A name as written."""
        text = self.take(self.number())
        return "(anonymous namespace)" if text.startswith("_GLOBAL__N") else text

    # --- types ------------------------------------------------------------------------------------------------------

    def arguments(self, own: bool = False) -> list[Type]:
        """Template arguments, behind the ``I`` or ``J``; ``own`` ones may mean those in front of them."""
        found: list[Type] = []
        if own:
            self.params = found
        while True:
            while self.peek(2) in _DECLARATIONS:
                self.declaration()
            tag = self.peek()
            if tag == "E":
                self.pos += 1
                return found
            if tag == "Q":
                self.pos += 1
                self.expression()  # what the arguments have to fulfill: left out, as LLVM does
                continue
            if tag == "J":
                self.pos += 1
                self.enter()
                found.append(Shape("", pack=tuple(self.arguments())))
                self.depth -= 1
            elif tag == "L":
                found.append(self.literal())
            elif tag == "X":
                self.pos += 1
                found.append(self.guarded(self.expression()))
                self.expect("E")
            else:
                found.append(self.type())

    def declaration(self) -> None:
        """What kind of parameter an argument stands for: left out."""
        self.enter()
        tag = self.take(2)
        if tag == "Tn":
            self.type()
        elif tag == "Tp":
            self.declaration()
        elif tag == "Tk":
            self.name()
        elif tag == "Tt":
            while not self.skip("E"):
                self.declaration()
        elif tag != "Ty":
            raise UnknownName
        self.depth -= 1

    def type(self) -> Type:
        """A type."""
        tag = self.peek()
        builtin = BUILTIN.get(tag)
        if builtin is not None:
            self.pos += 1
            return builtin
        self.enter()
        start, before, met = self.pos, len(self.seen), self.met
        found = self.made_type(tag)
        if self.met != met and len(self.seen) > before:
            self.origins[len(self.seen) - 1] = Origin(start, before, self.params, self.generic)
        self.depth -= 1
        return found

    def made_type(self, tag: str) -> Type:
        """A type that is not one letter."""
        if tag in _POINTERS:
            self.pos += 1
            return self.see(self.each(self.type(), pointer(_POINTERS[tag])))
        if tag in _QUALIFIERS:
            added = "".join(reversed(self.qualifiers()))
            return self.see(self.each(self.type(), lambda each: qualified(each, added)))
        if tag == "S" and self.peek(2) != "St":
            return self.maybe_template(self.substitution())
        if tag == "T":
            if self.peek(2) in ("Te", "Ts", "Tu"):
                self.pos += 2
                return self.see(self.name().text)
            self.origins[len(self.seen)] = Origin(self.pos, len(self.seen), self.params, self.generic)
            found = self.see(self.parameter())
            # Arguments behind the type that a conversion converts to are the conversion's.
            return found if self.converting else self.maybe_template(found)
        if tag in _NESTED_OR_NAMED:
            return self.see(self.name().text)
        if tag == "D":
            return self.extended()
        return self.other_type(tag)

    @staticmethod
    def each(type: Type, change: Callable[[Type], Type]) -> Type:
        """The same change of every type of a pack."""
        if isinstance(type, Shape) and type.pack is not None:
            return Shape("", pack=tuple(map(change, type.pack)))
        return change(type)

    def maybe_template(self, type: Type) -> Type:
        """``type``, with arguments if some follow."""
        return self.see(self.template(str(type))) if self.skip("I") else type

    def extended(self) -> Type:
        """Types that begin with ``D``."""
        tag = self.peek(2)
        builtin = BUILTIN.get(tag)
        if builtin is not None:
            self.pos += 2
            return builtin
        if tag in ("Dt", "DT"):
            return self.maybe_template(self.see(self.decltype()))
        if tag in ("Do", "DO", "Dw"):
            return self.see(self.function())
        self.pos += 2
        if tag == "Dp":
            return self.see(self.expansion())
        if tag == "Dv":
            size = self.expression() if self.skip("_") else self.digits()
            self.expect("_")
            return self.see(f"{self.type()} __vector({size})")
        if tag in ("DF", "DB", "DU"):
            size = self.digits()
            self.expect("x" if self.peek() == "x" else "_")
            return f"_Float{size}" if tag == "DF" else f"{'unsigned ' if tag == 'DU' else ''}_BitInt({size})"
        raise UnknownName

    def other_type(self, tag: str) -> Type:
        """Functions, arrays, pointers to members, vendors' types."""
        if tag == "F":
            return self.see(self.function())
        self.take()
        if tag == "A":
            size = self.digits() if self.peek() in _DIGITS or self.peek() == "_" else self.expression()
            self.expect("_")
            inner = self.type()
            return self.see(self.each(inner, lambda each: array(each, size)))
        if tag == "M":
            holder = str(self.type())
            return self.see(self.each(self.type(), lambda each: member(holder, each)))
        if tag == "u":
            name = self.source_name()
            return self.see(f"{name}({joined(self.arguments())})" if self.skip("I") else name)
        if tag == "U":
            mark = self.source_name()
            mark = self.template(mark) if self.skip("I") else mark
            return self.see(self.each(self.type(), lambda each: qualified(each, f" {mark}")))
        if tag in "CG":
            return self.see(f"{self.type()} {'_Complex' if tag == 'C' else '_Imaginary'}")
        raise UnknownName

    def function(self) -> Type:
        """A function type."""
        noexcept = ""
        if self.skip("Do"):
            noexcept = " noexcept"
        elif self.skip("DO"):
            noexcept = f" noexcept({self.expression()})"
            self.expect("E")
        elif self.skip("Dw"):
            noexcept = f" throw({joined(self.params_up_to_end())})"
            self.expect("E")
        self.expect("F")
        self.skip("Y")
        result = self.type()
        params: list[Type] = []
        reference = ""
        while not self.skip("E"):
            if self.peek(2) in ("RE", "OE"):
                reference = " &" if self.take() == "R" else " &&"
            else:
                params.append(self.type())
        shown = joined(params)
        left, right = (result.left, result.right) if isinstance(result, Shape) else (result, "")
        return Shape(left, f" ({'' if shown == 'void' else shown}){reference}{noexcept}{right}")
