"""Rust's v0 mangling (RFC 2603). Hashes of crates and types of constants are left out, as in compiler messages.

Constants of types other than integers, ``bool`` and ``char`` are not understood, nor are newer additions.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from .mangled import Cursor, UnknownName

_BASIC: Final = MappingProxyType(
    {
        "a": "i8", "b": "bool", "c": "char", "d": "f64", "e": "str", "f": "f32", "h": "u8", "i": "isize", "j": "usize",
        "l": "i32", "m": "u32", "n": "i128", "o": "u128", "p": "_", "s": "i16", "t": "u16", "u": "()", "v": "...",
        "x": "i64", "y": "u64", "z": "!",
    }
)  # fmt: skip
_SIGNED: Final = frozenset("aislxn")
_UNSIGNED: Final = frozenset("hjtmyo")
_BASE_62: Final = MappingProxyType(
    {char: at for at, char in enumerate("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")}
)
_POINTERS: Final = MappingProxyType({"R": "&", "Q": "&mut ", "P": "*const ", "O": "*mut "})
_MAX_NUMBER: Final = 1 << 64


def demangle_v0(text: str, work: int) -> tuple[str, int]:
    """``text`` follows the ``_R``; what it stands for, and what is left of ``work``. Raises ``UnknownName``."""
    if text[:1].isdecimal():
        raise UnknownName  # a later version
    for stop in ".$":
        text = text.partition(stop)[0]
    name = _Name(text, work)
    try:
        shown = name.path(True)
        if not name.done:
            name.path(True)  # where a generic was instantiated
        if not name.done:
            raise UnknownName
    except (UnknownName, RecursionError):  # the latter only where the caller's own calls are very deep
        raise UnknownName(name.left) from None
    return shown, name.left


class _Name(Cursor):
    """The rules of the grammar. ``value``: whether a path stands where an expression could, which writes ``::<``."""

    __slots__ = ("lifetimes",)

    def __init__(self, text: str, left: int) -> None:
        super().__init__(text, left)
        self.lifetimes = 0

    # --- leaves -----------------------------------------------------------------------------------------------------

    def base_62(self) -> int:
        """``_`` is 0, ``0_`` is 1, and so on."""
        if self.skip("_"):
            return 0
        value = 0
        while not self.skip("_"):
            digit = _BASE_62.get(self.take())
            if digit is None or value > _MAX_NUMBER:
                raise UnknownName
            value = value * 62 + digit
        return value + 1

    def optional(self, tag: str) -> int:
        """A number behind ``tag``, from 1; 0 without it."""
        return self.base_62() + 1 if self.skip(tag) else 0

    def identifier(self) -> tuple[str, int]:
        """A name and its disambiguator."""
        disambiguator = self.optional("s")
        return self.bare_identifier(), disambiguator

    def bare_identifier(self) -> str:
        """A name."""
        unicode = self.skip("u")
        length = self.number()
        self.skip("_")
        text = self.take(length)
        if not unicode:
            return text
        plain, _, coded = text.rpartition("_")
        try:
            return f"{plain}-{coded}".encode("ascii").decode("punycode") if plain else coded.encode().decode("punycode")
        except (UnicodeError, OverflowError, ValueError):
            raise UnknownName from None

    def lifetime(self) -> str:
        """A lifetime, by how many binders lie between."""
        number = self.base_62()
        if number == 0:
            return "'_"
        depth = self.lifetimes - number
        if depth < 0:
            raise UnknownName
        return f"'{chr(97 + depth)}" if depth < 26 else f"'_{depth}"

    def back(self, rule: str, *args: bool) -> str:
        """What stands further in front, read once more."""
        start = self.pos - 1
        target = self.base_62()
        if target >= start:
            raise UnknownName
        after, self.pos = self.pos, target
        value: str = getattr(self, rule)(*args)
        self.pos = after
        return value

    # --- paths ------------------------------------------------------------------------------------------------------

    def path(self, value: bool) -> str:
        """A path."""
        self.enter()
        shown = self.written(self.bare_path(value))
        self.depth -= 1
        return shown

    def bare_path(self, value: bool) -> str:
        """A path, not yet paid for."""
        tag = self.take()
        if tag == "C":
            return self.identifier()[0]
        if tag == "N":
            return self.nested(value)
        if tag in "MX":
            self.optional("s")
            self.path(False)  # where the implementation stands
        if tag in "MXY":
            shown = self.type()
            trait = "" if tag == "M" else " as " + self.path(False)
            return f"<{shown}{trait}>"
        if tag == "I":
            inner = self.path(value)
            arguments = self.generic_arguments()
            return f"{inner}{'::' if value else ''}<{', '.join(arguments)}>"
        if tag == "B":
            return self.back("path", value)
        raise UnknownName

    def nested(self, value: bool) -> str:
        """A name in a path; upper-case name spaces hold what has no name of its own."""
        space = self.take()
        if not (space.isascii() and space.isalpha()):
            raise UnknownName
        outer = self.path(value)
        name, disambiguator = self.identifier()
        if space.islower():
            return f"{outer}::{name}" if name else outer
        kind = {"C": "closure", "S": "shim"}.get(space, space)
        return f"{outer}::{{{kind}{':' if name else ''}{name}#{disambiguator}}}"

    def generic_arguments(self) -> list[str]:
        """Arguments up to their end."""
        found: list[str] = []
        while not self.skip("E"):
            if self.skip("L"):
                found.append(self.lifetime())
            elif self.skip("K"):
                found.append(self.const())
            else:
                found.append(self.type())
        return found

    # --- types ------------------------------------------------------------------------------------------------------

    def type(self) -> str:
        """A type."""
        tag = self.take()
        if tag in _BASIC:
            return _BASIC[tag]
        self.enter()
        shown = self.written(self.other_type(tag))
        self.depth -= 1
        return shown

    def other_type(self, tag: str) -> str:
        """A type that is made of others, behind its ``tag``; not yet paid for."""
        if tag in _POINTERS:
            lifetime = self.lifetime() if tag in "RQ" and self.skip("L") else "'_"
            named = f"{lifetime} " if lifetime != "'_" else ""
            head = _POINTERS[tag]
            return head[0] + named + head[1:] + self.type()
        if tag in "AS":
            inner = self.type()
            return f"[{inner}; {self.const()}]" if tag == "A" else f"[{inner}]"
        if tag == "T":
            parts = self.types()
            return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
        if tag == "F":
            return self.function()
        if tag == "D":
            return self.dynamic()
        if tag == "B":
            return self.back("type")
        self.pos -= 1
        return self.path(False)

    def types(self) -> list[str]:
        """Types up to their end."""
        found: list[str] = []
        while not self.skip("E"):
            found.append(self.type())
        return found

    def binder(self) -> tuple[str, int]:
        """``for<...>``, and how many lifetimes there were before."""
        before, count = self.lifetimes, self.optional("G")
        if count > 100:
            raise UnknownName
        names = []
        for _ in range(count):
            names.append(f"'{chr(97 + self.lifetimes)}" if self.lifetimes < 26 else f"'_{self.lifetimes}")
            self.lifetimes += 1
        return (f"for<{', '.join(names)}> " if names else ""), before

    def function(self) -> str:
        """A function pointer."""
        binder, before = self.binder()
        unsafe = "unsafe " if self.skip("U") else ""
        abi = ""
        if self.skip("K"):
            name = "C" if self.skip("C") else self.bare_identifier().replace("_", "-")
            abi = f'extern "{name}" '
        params = self.types()
        result = self.type()
        self.lifetimes = before
        return f"{binder}{unsafe}{abi}fn({', '.join(params)}){'' if result == '()' else f' -> {result}'}"

    def dynamic(self) -> str:
        """A trait object."""
        binder, before = self.binder()
        traits: list[str] = []
        while not self.skip("E"):
            traits.append(self.trait())
        self.lifetimes = before
        self.expect("L")
        lifetime = self.lifetime()
        bound = f" + {lifetime}" if lifetime != "'_" else ""
        return f"dyn {binder}{' + '.join(traits)}{bound}"

    def trait(self) -> str:
        """A trait of a trait object, with the types it is bound to."""
        path = self.path(False)
        bound: list[str] = []
        while self.skip("p"):
            name = self.bare_identifier()
            bound.append(f"{name} = {self.type()}")
        if not bound:
            return path
        head = f"{path[:-1]}, " if path.endswith(">") and not path.startswith("<") else f"{path}<"
        return f"{head}{', '.join(bound)}>"

    def const(self) -> str:
        """A constant."""
        self.enter()
        shown = self.bare_const()
        self.depth -= 1
        return shown

    def bare_const(self) -> str:
        """A constant."""
        tag = self.take()
        if tag == "p":
            return "_"
        if tag == "B":
            return self.back("const")
        negative = tag in _SIGNED and self.skip("n")
        digits = self.text[self.pos : max(self.text.find("_", self.pos), self.pos)]
        self.take(len(digits))
        self.expect("_")
        if not set(digits) <= set("0123456789abcdef") or len(digits) > 32:
            raise UnknownName
        value = int(digits or "0", 16)
        if tag in _SIGNED or tag in _UNSIGNED:
            return f"{'-' if negative else ''}{value}"
        if tag == "b" and value < 2:
            return "true" if value else "false"
        if tag == "c" and value <= 0x10FFFF and not 0xD800 <= value < 0xE000:
            return f"'{chr(value)}'"
        raise UnknownName
