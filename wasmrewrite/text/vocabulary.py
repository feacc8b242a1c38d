"""What people type instead of an instruction: names of earlier versions, forgotten suffixes, misspellings.

Not here: the instructions (``isa``), how they are read (``body``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..isa.table import BY_MNEMONIC
from .nearness import closest

_OLD: Final = {
    "get_local": "local.get",
    "set_local": "local.set",
    "tee_local": "local.tee",
    "get_global": "global.get",
    "set_global": "global.set",
    "current_memory": "memory.size",
    "grow_memory": "memory.grow",
}
_OLD_CONVERSION: Final = re.compile(r"(\w+)\.(\w+)/(\w+)")
_PART_OF: Final = {
    "then": "(then ...) is only allowed inside a folded 'if'",
    "do": "(do ...) is only allowed inside a folded 'try'",
    "param": "parameters are declared before the body",
    "local": "locals are declared before the body",
    "result": "results are declared before the body",
    "export": "inline exports are written before parameters",
    "import": "inline imports are written before parameters",
}
_TYPE_WORDS: Final = ("type", "func", "struct", "array", "sub", "final", "rec", "field", "mut", "ref", "null", "shared")
_GRAMMAR: Final = frozenset(
    (*_TYPE_WORDS, "offset", "item", "elem", "data", "memory", "table", "global", "tag", "start", "module", "declare")
)
"""Words of the text format that are not instructions."""


@lru_cache(maxsize=1024)
def unknown_operator(word: str) -> str:
    """The message about a keyword that is not an instruction, with what was meant if that can be known."""
    if word in _PART_OF or word in _GRAMMAR:
        return f"unexpected token '{word}'; {_PART_OF.get(word, 'expected an instruction')}"
    return f"unknown operator {word[:80]}{_meant(word)}"


def _meant(word: str) -> str:
    if word in _OLD:
        return f"; it is '{_OLD[word]}' since WebAssembly 1.0"
    conversion = _renamed_conversion(word)
    if conversion is not None:
        return f"; it is '{conversion}' since WebAssembly 1.0"
    signed = [name for name in (f"{word}_s", f"{word}_u") if name in BY_MNEMONIC]
    if signed:
        return f"; it needs a suffix: '{signed[0]}' or '{signed[-1]}'"
    found = closest(word, (*_PART_OF, *BY_MNEMONIC))
    return f"; did you mean '{found}'?" if found else ""


def _renamed_conversion(word: str) -> str | None:
    """The name since 1.0 of a conversion such as ``i32.wrap/i64`` or ``i32.trunc_s:sat/f32``."""
    found = _OLD_CONVERSION.fullmatch(word.replace(":sat", "_sat"))
    if found is None:
        return None
    target, operation, source = found.groups()
    base, _, sign = operation.partition("_")
    sign, saturating = (sign.removesuffix("_sat"), "_sat") if sign.endswith("sat") else (sign, "")
    name = f"{target}.{base}{saturating}_{source}{'_' + sign if sign else ''}"
    return name if name in BY_MNEMONIC else None
