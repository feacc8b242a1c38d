"""How C++ types are written: around the place of a name, ``int (*`` and ``)(char)``, and as packs of several types.

Not here: reading them (``demangle_cpp``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

BUILTIN: Final = MappingProxyType(
    {
        "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "a": "signed char", "h": "unsigned char", "s": "short",
        "t": "unsigned short", "i": "int", "j": "unsigned int", "l": "long", "m": "unsigned long", "x": "long long",
        "y": "unsigned long long", "n": "__int128", "o": "unsigned __int128", "f": "float", "d": "double",
        "e": "long double", "g": "__float128", "z": "...",
        "Dn": "decltype(nullptr)", "Di": "char32_t", "Ds": "char16_t", "Du": "char8_t", "Da": "auto",
        "Dc": "decltype(auto)", "Dd": "decimal64", "De": "decimal128", "Df": "decimal32", "Dh": "half",
    }
)  # fmt: skip

_ABI_TAGS: Final = re.compile(r"(?:\[abi:[^\]]*\])+$")


class Shape:
    """A type that stands on both sides of a name, ``left`` and ``right``, or a ``pack`` of several. Never changed."""

    __slots__ = ("left", "pack", "right", "wrapped")

    def __init__(self, left: str, right: str = "", wrapped: bool = False, pack: tuple[Type, ...] | None = None) -> None:
        self.left = left
        self.right = right
        self.wrapped = wrapped
        self.pack = pack

    def __str__(self) -> str:
        return self.left + self.right if self.pack is None else joined(self.pack)

    @property
    def size(self) -> int:
        """What it takes to write: characters, those of a pack's types apart, which were paid for."""
        return len(self.left) + len(self.right) if self.pack is None else len(self.pack)


Type: TypeAlias = str | Shape
"""Most types are just text."""
Arguments: TypeAlias = Sequence[Type]


def joined(types: Iterable[Type]) -> str:
    """Types in a list; those of packs one by one."""
    return ", ".join([text for text in map(str, types) if text])


def with_arguments(text: str, arguments: Arguments) -> str:
    """A template's name with its arguments, spelled so that no ``<<`` and no ``>>`` comes about."""
    inner = joined(arguments)
    return f"{text}{' ' if text.endswith('<') else ''}<{inner}{' ' if inner.endswith('>') else ''}>"


def pointer(mark: str) -> Callable[[Type], Type]:
    """Makes pointers or references, as ``mark`` says."""

    def to(inner: Type) -> Type:
        shape = Shape(inner) if isinstance(inner, str) else inner
        left, right, wrapped = shape.left, shape.right, shape.wrapped
        if mark[0] == "&" and left.endswith("&"):
            # A reference to a reference is one, to a value only if both are.
            left = left.rstrip("&") + ("&&" if mark == "&&" and left.endswith("&&") else "&")
        elif not right or wrapped:
            left += mark
        else:
            return Shape(f"{left} ({mark}", f"){right if right.startswith(' [') else right.lstrip()}", True)
        return Shape(left, right, wrapped) if right else left

    return to


def qualified(type: Type, added: str) -> Type:
    """``type`` with qualifiers behind it."""
    if isinstance(type, str):
        return type if type.endswith(added) else type + added
    if type.right.startswith(" (") and not type.wrapped:
        return Shape(type.left, type.right + added, type.wrapped)
    return type if type.left.endswith(added) else Shape(type.left + added, type.right, type.wrapped)


def member(holder: str, of: Type) -> Type:
    """A pointer to a member of ``holder``."""
    if isinstance(of, str):
        return f"{of} {holder}::*"
    if not of.right:
        return Shape(f"{of.left} {holder}::*")
    return Shape(f"{of.left} ({holder}::*", f"){of.right.lstrip()}", True)


def array(of: Type, size: str) -> Type:
    """An array."""
    left, right = (of.left, of.right) if isinstance(of, Shape) else (of, "")
    return Shape(left, f" [{size}]" + right.lstrip())


def last_part(name: str) -> str:
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
