"""The form that meanings of numbers have, and what the plain machine makes of it: one function per mnemonic.

A meaning is written once for every type: ``@means("{word}.add")`` stands for i32.add and i64.add. Its body keeps to
what Python and C have in common, so that a build can print it as C (``tools/meanings_c.py`` refuses the rest): numbers
are not negative unless a word such as ``signed`` made them so, results are masked, local variables are annotated.
Not here: the words (``vocabulary``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final

from ..errors import InternalError
from ..runtime.values import NAN32, f32_of_float, float_of_f32
from .vocabulary import WORDS, reals

WORD_TYPES: Final = tuple(WORDS)
REAL_TYPES: Final = ("f32", "f64")
_BOTH: Final = re.compile(r"[if](?:32|64)")

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """A function in the form, and the mnemonics it is for; ``plain`` does the same in Python, without a frame."""

    pattern: str
    function: FunctionType
    plain: Function | None

    @property
    def is_test(self) -> bool:
        """Whether it answers yes or no; the machine makes 1 or 0 of that."""
        return bool(self.function.__annotations__["return"] == "bool")

    def mnemonics(self) -> Iterator[tuple[str, str, str]]:
        """Mnemonic, type of words, type of floats."""
        words = WORD_TYPES if "{word}" in self.pattern else (_first(self.pattern, "i", "i64"),)
        floats = REAL_TYPES if "{real}" in self.pattern else (_first(self.pattern, "f", "f64"),)
        for word in words:
            for real in floats:
                yield self.pattern.format(word=word, real=real), word, real


def _first(pattern: str, letter: str, otherwise: str) -> str:
    """The type that a pattern names before the dot, if it is one of that letter."""
    head = pattern.partition(".")[0]
    return head if _BOTH.fullmatch(head) and head[0] == letter else otherwise


def means(pattern: str, plain: Function | None = None) -> Callable[[Any], Meaning]:
    """Declare a function as the meaning of all mnemonics of a pattern."""
    return lambda function: Meaning(pattern, function, plain)


def spread(namespace: Mapping[str, Any], tests: bool = False) -> dict[str, Function]:
    """Mnemonic to plain function, for all meanings of a module: those that answer yes or no, or the others."""
    found: dict[str, Function] = {}
    for meaning in [each for each in namespace.values() if isinstance(each, Meaning) and each.is_test is tests]:
        for mnemonic, word, real in meaning.mnemonics():
            if mnemonic in found:
                raise InternalError(f"two meanings for {mnemonic}")
            function = meaning.plain or _for_types(meaning.function, word, real)
            found[mnemonic] = _across(function, meaning.function.__annotations__, real)
    return found


def _for_types(function: FunctionType, word: str, real: str) -> Function:
    """A copy that finds the words of some types, with a code object of its own, for Python keeps its caches there."""
    names = {**function.__globals__, **WORDS[word], **reals(word, real)}
    made = FunctionType(function.__code__.replace(), names, function.__name__)
    made.__annotations__ = function.__annotations__
    made.__doc__ = function.__doc__
    return made


# --- f32: bits outside, floats inside ---------------------------------------------------------------------------------


def _across(function: Function, annotations: Mapping[str, str], real: str) -> Function:
    """The same between the bits of an f32, where a type says that it is computed with."""
    inside = {"F32"} | ({"Real"} if real == "f32" else set())
    params = [type in inside for name, type in annotations.items() if name != "return"]
    key = tuple(params), annotations["return"] in inside
    if not any(params) and not key[1]:
        return function
    return _ACROSS[key](function)


def _float_to_float(f: Function) -> Callable[[int], int]:
    def apply(a: int) -> int:
        c = f(float_of_f32(a))
        return f32_of_float(c) if c == c else NAN32

    return apply


def _floats_to_float(f: Function) -> Callable[[int, int], int]:
    def apply(a: int, b: int) -> int:
        c = f(float_of_f32(a), float_of_f32(b))
        return f32_of_float(c) if c == c else NAN32

    return apply


def _floats_to_other(f: Function) -> Callable[[int, int], Any]:
    def apply(a: int, b: int) -> Any:
        return f(float_of_f32(a), float_of_f32(b))

    return apply


def _float_to_other(f: Function) -> Callable[[int], Any]:
    def apply(a: int) -> Any:
        return f(float_of_f32(a))

    return apply


def _other_to_float(f: Function) -> Callable[[Any], int]:
    def apply(a: Any) -> int:
        c = f(a)
        return f32_of_float(c) if c == c else NAN32

    return apply


_ACROSS: Final[Mapping[tuple[tuple[bool, ...], bool], Callable[[Function], Function]]] = {
    ((True,), True): _float_to_float,
    ((True, True), True): _floats_to_float,
    ((True, True), False): _floats_to_other,
    ((True,), False): _float_to_other,
    ((False,), True): _other_to_float,
}
"""By which parameters are such floats, and whether the result is."""
