"""What C++ names refer to: what came before in them, arguments of templates, elements of packs.

A candidate that mentions a template's parameter means something else in another template, so it is read again there.
Not here: the names themselves (``demangle_cpp``).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from .demangle_cpp_expr import Expressions
from .demangle_cpp_type import Arguments, Shape, Type
from .mangled import UnknownName

T = TypeVar("T")

_STANDARD: Final = MappingProxyType(
    {
        "a": "std::allocator", "b": "std::basic_string", "s": "std::string", "i": "std::istream", "o": "std::ostream",
        "d": "std::iostream",
    }
)  # fmt: skip
_LONGEST_POSITION: Final = 8
BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Origin(NamedTuple):
    """Where a candidate stands, how many there were before it, and whose parameters it mentions."""

    start: int
    before: int
    params: list[Type]
    generic: bool


class References(Expressions):
    """The rules for what refers to something else.

    ``seen`` are the candidates for substitution, ``origins`` where those stand that mention parameters of a template:
    these mean something else in another one. ``params`` are the template's arguments, ``known`` those that a first
    reading found; ``met`` counts mentions of parameters. ``expanding`` is which element of packs is meant, ``packs``
    how many elements the last one met has.
    ``generic``: in the parameters of a lambda, whose own are called ``auto``.
    """

    __slots__ = ("expanding", "forward", "generic", "known", "mentioned", "met", "origins", "packs", "params", "seen")

    def __init__(self, text: str, left: int) -> None:
        super().__init__(text, left)
        self.seen: list[Type] = []
        self.origins: dict[int, Origin] = {}
        self.met = 0
        self.params: list[Type] = []
        self.known: list[Type] = []
        self.expanding: int | None = None
        self.packs: int | None = None
        self.generic = False
        self.forward = False
        self.mentioned = ""

    def mention(self, called: bool) -> str:
        """A function or data, behind the ``_Z`` of a constant, or what is called by its name only.

        Its template arguments hold nowhere else.
        """
        params = self.params
        shown = self.encoding()
        self.params = params
        return self.mentioned if called else shown

    def see(self, type: Type) -> Type:
        """Make ``type``, which was just put together, a candidate for substitution."""
        self.seen.append(type)
        self.left -= type.size if isinstance(type, Shape) else len(type)
        if self.left < 0:
            raise UnknownName
        return type

    # --- references to what came before -----------------------------------------------------------------------------

    def substitution(self) -> Type:
        """Something seen before, or one of the standard library's abbreviations."""
        self.expect("S")
        standard = _STANDARD.get(self.peek())
        if standard is not None:
            self.pos += 1
            while self.skip("B"):
                standard += f"[abi:{self.source_name()}]"
            return standard
        at = self.position(BASE_36)
        origin = self.origins.get(at)
        if origin is not None and (origin.params is not self.params or origin.generic is not self.generic):
            return self.read_again(origin)
        return self.element(self.chosen(self.seen, at))

    def read_again(self, origin: Origin) -> Type:
        """What a candidate means with the arguments at hand."""
        self.enter()
        pos, seen, origins = self.pos, self.seen, self.origins
        self.left -= origin.before
        self.pos, self.seen, self.origins = origin.start, seen[: origin.before], dict(origins)
        found = self.type()
        self.pos, self.seen, self.origins = pos, seen, origins
        self.depth -= 1
        return found

    def parameter(self) -> Type:
        """A template's argument."""
        self.expect("T")
        self.met += 1
        if self.skip("L"):
            self.digits()
            self.expect("_")
        at = self.position("0123456789")
        if self.generic:
            return f"auto:{at + 1}"
        if self.converting and at >= len(self.params):
            self.forward = True
            return "auto"
        return self.element(self.chosen(self.params, at))

    def element(self, type: Type) -> Type:
        """``type``, or of a pack that is being expanded the element at hand."""
        if not isinstance(type, Shape) or type.pack is None:
            return type
        self.packs = len(type.pack)
        if self.expanding is None:
            return type
        return self.chosen(type.pack, self.expanding)

    def position(self, alphabet: str) -> int:
        """``_`` is 0, ``0_`` is 1, and so on."""
        start = self.pos
        end = self.text.find("_", start, start + _LONGEST_POSITION)
        if end < 0:
            raise UnknownName
        self.pos = end + 1
        value = 0 if end > start else -1
        for char in self.text[start:end]:
            digit = alphabet.find(char)
            if digit < 0:
                raise UnknownName
            value = value * len(alphabet) + digit
        return value + 1

    @staticmethod
    def chosen(types: Arguments, at: int) -> Type:
        """One of ``types``."""
        if at >= len(types):
            raise UnknownName
        return types[at]

    def expansion(self) -> Type:
        """A type once for every element of the packs in it, behind the ``Dp``."""
        found, elements = self.expanded(self.type)
        return found if elements is None else Shape("", pack=tuple(elements))

    def spread(self) -> str:
        """An expression once for every element of the packs in it, behind the ``sp``."""
        found, elements = self.expanded(self.expression)
        if elements is None:
            return f"{found}..." if self.simple else f"({found})..."
        return ", ".join(elements)

    def expanded(self, rule: Callable[[], T]) -> tuple[T, list[T] | None]:
        """What ``rule`` reads with packs as a whole, and once for every element; None if it meets no pack."""
        start, base = self.pos, len(self.seen)
        before = self.expanding, self.packs
        self.expanding, self.packs = None, None
        found, elements = rule(), None
        count, after, seen = self._elements(), self.pos, self.seen[base:]
        if count is not None:
            elements = []
            for self.expanding in range(count):
                self.pos = start
                del self.seen[base:]
                elements.append(rule())
            self.pos, self.seen[base:] = after, seen
        self.expanding, self.packs = before
        return found, elements

    def _elements(self) -> int | None:
        return self.packs
