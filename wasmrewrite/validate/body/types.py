"""Types as small integers, which is how validating code compares them; and back to text, for messages.

Equal types of one module have equal codes, so that no object is looked at: 0 for a type nobody knows, then the numbers,
packed storage, and from ``REF`` on references, an even code for each heap type and the odd one behind it for the same
with null. A heap type has a number, too: abstract ones come first, and from ``DEFINED`` on the module's own types by
canonical index. Not here: which of them match (``context``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...isa.types import HEAPS, NUMBERS, PACKED, AbsHeap, NumType, PackedType, RefType

BOTTOM: Final = 0
"""What unreachable code pops when nothing is known: matches every type."""
_PLAIN: Final[tuple[NumType | PackedType, ...]] = (*NUMBERS.values(), *PACKED.values())
_CODE_OF: Final[dict[NumType | PackedType, int]] = {each: code for code, each in enumerate(_PLAIN, 1)}
FIRST_PACKED: Final = 1 + len(NUMBERS)
REF: Final = 1 + len(_PLAIN)
"""References are those from here on; even."""

_HEAPS: Final = tuple(HEAPS.values())
_HEAP_OF: Final[dict[AbsHeap, int]] = {heap: number for number, heap in enumerate(_HEAPS)}
BOTTOM_HEAP: Final = len(_HEAPS)
"""The heap type of a reference nobody knows more about: matches every heap type."""
DEFINED: Final = BOTTOM_HEAP + 1


def heap_number(heap: AbsHeap) -> int:
    """The number of an abstract heap type."""
    return _HEAP_OF[heap]


def ref(heap: int, nullable: bool) -> int:
    """The code of a reference to a heap type, given by its number."""
    return REF + 2 * heap + nullable


def defined(index: int, nullable: bool) -> int:
    """The code of a reference to a type of the module, given by its canonical index."""
    return ref(DEFINED + index, nullable)


def code_of(value: NumType | PackedType | RefType) -> int:
    """The code of a type that names none of a module's own."""
    if not isinstance(value, RefType):
        return _CODE_OF[value]
    assert isinstance(value.heap, AbsHeap)
    return ref(_HEAP_OF[value.heap], value.nullable)


def heap_of(code: int) -> int:
    """The number of a reference's heap type."""
    return (code - REF) >> 1


def is_ref(code: int) -> bool:
    """Whether it is a reference; a type nobody knows is none."""
    return code >= REF


def is_number(code: int) -> bool:
    """Whether it is a number or vector, or a type nobody knows."""
    return code < FIRST_PACKED


def is_packed(code: int) -> bool:
    """Whether it is packed storage."""
    return FIRST_PACKED <= code < REF


def is_nullable(code: int) -> bool:
    """Whether a reference may be null."""
    return code >= REF and code & 1 == 1


def with_null(code: int, nullable: bool) -> int:
    """The same reference with or without null."""
    return code & ~1 | nullable


def has_default(code: int) -> bool:
    """Whether there is a value that such a place holds before anything is put there."""
    return code < REF or code & 1 == 1


def unpacked(code: int) -> int:
    """What storage holds when it is on the stack: packed storage is an i32 there."""
    return I32 if FIRST_PACKED <= code < REF else code


def show(code: int) -> str:
    """A type as the specification writes it, the module's own ones by canonical index."""
    if code == BOTTOM:
        return "bot"
    if code < REF:
        return str(_PLAIN[code - 1])
    heap, nullable = heap_of(code), is_nullable(code)
    if heap < BOTTOM_HEAP:
        return str(RefType(nullable, _HEAPS[heap]))
    name = "bot" if heap == BOTTOM_HEAP else str(heap - DEFINED)
    return f"(ref null {name})" if nullable else f"(ref {name})"


def show_all(codes: Iterable[int]) -> tuple[str, ...]:
    """Types as the specification writes them."""
    return tuple(map(show, codes))


I32, I64, F32, F64, V128 = (_CODE_OF[NUMBERS[name]] for name in ("i32", "i64", "f32", "f64", "v128"))
I8: Final = _CODE_OF[PACKED["i8"]]
ANY, EXTERN, EXN, FUNC = (_HEAP_OF[HEAPS[name]] for name in ("any", "extern", "exn", "func"))
FUNCREF: Final = ref(FUNC, nullable=True)
EXNREF: Final = ref(EXN, nullable=True)
BOTTOM_REF: Final = ref(BOTTOM_HEAP, nullable=False)
"""Some reference nobody knows more about: matches every reference type."""
