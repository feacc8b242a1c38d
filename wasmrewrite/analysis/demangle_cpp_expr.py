"""Expressions in C++ names: what decides overloads, sizes arrays, and stands in ``decltype``.

Spelled as GNU ``c++filt`` spells them: operands that are more than a name stand in parentheses. Not here: names and
types (``demangle_cpp``).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from .demangle_cpp_type import Type, joined
from .mangled import Cursor, UnknownName

OPERATORS: Final = MappingProxyType(
    {
        "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "ps": "+", "ng": "-", "ad": "&", "de": "*",
        "co": "~", "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=",
        "pL": "+=", "mI": "-=", "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<",
        "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
        "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++", "mm": "--", "cm": ",", "pm": "->*", "pt": "->",
        "cl": "()", "ix": "[]", "qu": "?", "aw": " co_await",
    }
)  # fmt: skip
_UNARY: Final = frozenset({"ps", "ng", "ad", "de", "co", "nt"})
_BINARY: Final = frozenset(
    {
        "pl", "mi", "ml", "dv", "rm", "an", "or", "eo", "aS", "pL", "mI", "mL", "dV", "rM", "aN", "oR", "eO", "ls",
        "rs", "lS", "rS", "eq", "ne", "lt", "gt", "le", "ge", "ss", "aa", "oo", "cm", "pm",
    }
)  # fmt: skip
_CASTS: Final = MappingProxyType(
    {"dc": "dynamic_cast", "sc": "static_cast", "cc": "const_cast", "rc": "reinterpret_cast"}
)
_OF_TYPES: Final = MappingProxyType({"st": "sizeof ", "at": "alignof ", "ti": "typeid "})
_OF_VALUES: Final = MappingProxyType(
    {"sz": "sizeof ", "az": "alignof ", "te": "typeid ", "nx": "noexcept", "tw": "throw ", "dl": "delete ",
     "da": "delete[] "}
)  # fmt: skip
_SUFFIXES: Final = MappingProxyType({"int": "", "unsigned int": "u", "long": "l", "unsigned long": "ul",
                                     "long long": "ll", "unsigned long long": "ull"})  # fmt: skip
_FLOATS: Final = frozenset({"float", "double", "long double", "__float128"})
_DIGITS: Final = frozenset("0123456789")


class Expressions(Cursor):
    """The rules for expressions. ``converting``: in the type that a conversion converts to."""

    __slots__ = ("converting", "simple")

    def __init__(self, text: str, left: int) -> None:
        super().__init__(text, left)
        self.converting = False
        self.simple = False  # the last expression was a name

    def type(self) -> Type:
        """A type. A rule of the names."""
        raise NotImplementedError

    def mention(self, called: bool) -> str:
        """A function or data. A rule of the names."""
        raise NotImplementedError

    def encoding(self, with_result: bool = True) -> str:
        """A function or data. A rule of the names."""
        raise NotImplementedError

    def spread(self) -> str:
        """An expression once for every element of the packs in it. A rule of the names."""
        raise NotImplementedError

    def parameter(self) -> Type:
        """A template's argument. A rule of the names."""
        raise NotImplementedError

    def source_name(self) -> str:
        """A name as written. A rule of the names."""
        raise NotImplementedError

    def template(self, text: str, own: bool = False) -> str:
        """A template's name with its arguments. A rule of the names."""
        raise NotImplementedError

    def substitution(self) -> Type:
        """Something seen before. A rule of the names."""
        raise NotImplementedError

    @staticmethod
    def guarded(text: str) -> str:
        """An expression among template arguments, which a ``>`` would end."""
        return f"({text})" if ">" in text and text.count("<") != text.count(">") else text

    def decltype(self) -> str:
        """``decltype`` of an expression."""
        if self.take(2) not in ("Dt", "DT"):
            raise UnknownName
        shown = self.written(f"decltype ({self.expression()})")
        self.expect("E")
        return shown

    def operand(self) -> str:
        """An expression inside another one."""
        shown = self.expression()
        return shown if self.simple else f"({shown})"

    def expression(self) -> str:
        """An expression."""
        self.enter()
        self.simple = False
        shown = self.written(self.bare_expression())
        self.depth -= 1
        return shown

    def bare_expression(self) -> str:
        tag = self.peek(2)
        if tag[:1] == "L":
            return self.literal()
        if tag[:1] == "T":
            return str(self.parameter())
        if tag in ("fp", "fL"):
            return self.function_parameter()
        if tag == "sr" or tag in ("gs", "on", "dn") or tag[:1] in _DIGITS:
            shown = self.unresolved()
            self.simple = not shown.endswith(">")
            return shown
        self.take(2)
        if tag in _UNARY or tag in ("pp", "mm"):
            suffix = tag in ("pp", "mm") and not self.skip("_")
            inner = self.operand()
            self.simple = False
            return f"{inner}{OPERATORS[tag]}" if suffix else OPERATORS[tag] + inner
        if tag in _BINARY:
            left, right = self.operand(), self.operand()
            self.simple = False
            return f"{left}{OPERATORS[tag]}{right}"
        shown = self.call_like(tag)
        self.simple = False
        return shown

    def call_like(self, tag: str) -> str:
        """Calls, casts, members, and operators that are words; behind the ``tag``."""
        if tag in ("cl", "cp"):
            return f"{self.callee()}({self.expressions()})"
        if tag == "cv":
            wanted = str(self.type())
            return f"({wanted})({self.expressions() if self.skip('_') else self.expression()})"
        if tag == "tl":
            return f"{self.type()}{{{self.expressions()}}}"
        if tag == "il":
            return f"{{{self.expressions()}}}"
        if tag in ("dt", "pt"):
            return f"{self.operand()}{'.' if tag == 'dt' else '->'}{self.unresolved()}"
        if tag == "ds":
            return f"{self.operand()}.*{self.operand()}"
        if tag == "ix":
            return f"{self.operand()}[{self.expression()}]"
        if tag == "qu":
            return f"{self.operand()}?{self.operand()} : {self.operand()}"
        if tag in _CASTS:
            return f"{_CASTS[tag]}<{self.type()}>({self.expression()})"
        return self.word_like(tag)

    def callee(self) -> str:
        """What is called; a function by its name only."""
        if not self.skip("L_Z"):
            return self.operand()
        shown = self.mention(True)
        self.expect("E")
        return f"({shown})" if shown.endswith(">") else shown

    def word_like(self, tag: str) -> str:
        """Operators that are words, packs and folds; behind the ``tag``."""
        if tag in _OF_TYPES:
            return f"{_OF_TYPES[tag]}({self.type()})"
        if tag in _OF_VALUES:
            return f"{_OF_VALUES[tag]}({self.expression()})"
        if tag == "sp":
            return self.spread()
        if tag == "sZ":
            return f"sizeof...({self.parameter() if self.peek() == 'T' else self.expression()})"
        if tag == "tr":
            return "throw"
        if tag in ("fl", "fr", "fL", "fR"):
            return self.fold(tag[1])
        if tag in ("rq", "rQ"):
            return self.requirements(tag == "rQ")
        raise UnknownName

    def requirements(self, with_params: bool) -> str:
        """A ``requires`` expression, behind ``rq`` or ``rQ``."""
        params = ""
        if with_params:
            types: list[Type] = []
            while not self.skip("_"):
                types.append(self.type())
            params = f"({joined(types)}) "
        found: list[str] = []
        while not self.skip("E"):
            found.append(self.requirement())
        return f"requires {params}{{{' '.join(found)}}}"

    def requirement(self) -> str:
        """One requirement: a valid expression, an existing type, or a condition."""
        if self.skip("T"):
            return f"typename {self.type()};"
        if self.skip("Q"):
            return f"requires {self.expression()};"
        self.expect("X")
        shown = self.expression()
        noexcept = " noexcept" if self.skip("N") else ""
        wanted = f" -> {self.type()}" if self.skip("R") else ""
        return f"{{{shown}}}{noexcept}{wanted};" if noexcept or wanted else f"{shown};"

    def fold(self, kind: str) -> str:
        """A fold, behind ``fl`` and the like."""
        operator = OPERATORS.get(self.take(2))
        if operator is None:
            raise UnknownName
        first = self.operand()
        if kind == "l":
            return f"(...{operator}{first})"
        if kind == "r":
            return f"({first}{operator}...)"
        return f"({first}{operator}...{operator}{self.operand()})"

    def expressions(self) -> str:
        """Expressions up to their end, in a list."""
        found: list[str] = []
        while not self.skip("E"):
            found.append(self.expression())
        return ", ".join(found)

    def function_parameter(self) -> str:
        """A parameter of the function at hand."""
        if self.skip("fpT"):
            self.simple = True
            return "this"
        if self.skip("fL"):
            self.digits()
            self.expect("p")
        else:
            self.expect("fp")
        while self.peek() in ("r", "V", "K"):
            self.pos += 1
        digits = self.digits()
        self.expect("_")
        self.simple = True
        return f"{{parm#{int(digits[:6] or -1) + 2}}}"

    # --- names in expressions ---------------------------------------------------------------------------------------

    def unresolved(self) -> str:
        """A name that an expression mentions, whatever it turns out to be."""
        prefix = "::" if self.skip("gs") else ""
        if not self.skip("sr"):
            return prefix + self.base_name()
        parts: list[str] = []
        if self.skip("N"):
            parts.append(self.scope())
        elif self.peek() not in _DIGITS:
            return f"{prefix}{self.scope()}::{self.base_name()}"
        while not self.skip("E"):
            parts.append(self.base_name())
        if not parts:
            raise UnknownName
        # Some compilers wrote a type here, without an end and only its last part behind.
        return self.written(prefix + "::".join((*parts, self.base_name())))

    def scope(self) -> str:
        """The type that a name is looked for in."""
        return str(self.type())

    def base_name(self) -> str:
        """One part of such a name, with its arguments."""
        if self.skip("on"):
            text = self.operator_name()
        elif self.skip("dn"):
            text = f"~{self.source_name() if self.peek() in _DIGITS else self.type()}"
        else:
            text = self.source_name()
        while self.skip("B"):
            text += f"[abi:{self.source_name()}]"
        return self.template(text) if self.skip("I") else text

    def operator_name(self) -> str:
        tag = self.take(2)
        if tag == "cv":
            return f"operator {self.type()}"
        if tag == "li":
            return f'operator"" {self.source_name()}'
        if tag not in OPERATORS:
            raise UnknownName
        return f"operator{OPERATORS[tag]}"

    # --- literals ---------------------------------------------------------------------------------------------------

    def literal(self) -> str:
        """A constant."""
        self.expect("L")
        if self.skip("_Z") or self.skip("Z"):
            shown = self.mention(False)
            self.expect("E")
            return shown
        type = str(self.type())
        if self.skip("E"):
            return "nullptr" if type == "decltype(nullptr)" else f"({type})0" if type.endswith("*") else type
        sign = "-" if self.skip("n") else ""
        start = self.pos
        end = self.text.find("E", start)
        digits = self.text[start:end] if end >= 0 else ""
        self.pos = end + 1
        if not (digits.isascii() and digits.isalnum()):
            raise UnknownName
        if type == "bool" and digits in ("0", "1"):
            return ("false", "true")[int(digits)]
        if type in _SUFFIXES and digits.isdigit():
            return f"{sign}{digits}{_SUFFIXES[type]}"
        return f"({type}){'[' if type in _FLOATS else sign}{digits}{']' if type in _FLOATS else ''}"
