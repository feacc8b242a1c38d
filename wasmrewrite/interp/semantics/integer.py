"""Integer instructions (specification 4.3.2): values are unsigned ints; written once, for every width.

Three mappings from mnemonic to meaning: ``UNARY``, ``BINARY``, and ``TESTS`` (which answer yes or no, the machine makes
0 or 1 of it). Not here: conversions between types (``convert``), and which instruction takes what (``isa``).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final, TypeAlias

from ...runtime.traps import integer_divide_by_zero, integer_overflow

Unary: TypeAlias = Callable[[int], int]
Binary: TypeAlias = Callable[[int, int], int]
Test: TypeAlias = Callable[[int, int], bool]

_WIDTHS: Final = {"i32": 32, "i64": 64}


def _counts(bits: int) -> dict[str, Unary]:
    def clz(a: int) -> int:
        return bits - a.bit_length()

    def ctz(a: int) -> int:
        return (a & -a).bit_length() - 1 if a else bits

    return {"clz": clz, "ctz": ctz, "popcnt": int.bit_count}


def _sums(bits: int) -> dict[str, Binary]:
    mask = (1 << bits) - 1

    def add(a: int, b: int) -> int:
        return (a + b) & mask

    def sub(a: int, b: int) -> int:
        return (a - b) & mask

    def mul(a: int, b: int) -> int:
        return (a * b) & mask

    return {"add": add, "sub": sub, "mul": mul}


def _divisions(bits: int) -> dict[str, Binary]:
    mask = (1 << bits) - 1
    sign = 1 << (bits - 1)

    def div_s(a: int, b: int) -> int:
        if not b:
            raise integer_divide_by_zero()
        x, y = (a ^ sign) - sign, (b ^ sign) - sign
        quotient = abs(x) // abs(y)
        if (x < 0) is not (y < 0):
            return -quotient & mask
        if quotient == sign:
            raise integer_overflow()
        return quotient

    def div_u(a: int, b: int) -> int:
        if not b:
            raise integer_divide_by_zero()
        return a // b

    def rem_s(a: int, b: int) -> int:
        if not b:
            raise integer_divide_by_zero()
        x, y = (a ^ sign) - sign, (b ^ sign) - sign
        remainder = abs(x) % abs(y)
        return -remainder & mask if x < 0 else remainder

    def rem_u(a: int, b: int) -> int:
        if not b:
            raise integer_divide_by_zero()
        return a % b

    return {"div_s": div_s, "div_u": div_u, "rem_s": rem_s, "rem_u": rem_u}


def _shifts(bits: int) -> dict[str, Binary]:
    mask = (1 << bits) - 1
    sign = 1 << (bits - 1)
    low = bits - 1  # shift counts are taken modulo the width

    def shl(a: int, b: int) -> int:
        return a << (b & low) & mask

    def shr_s(a: int, b: int) -> int:
        return ((a ^ sign) - sign) >> (b & low) & mask

    def shr_u(a: int, b: int) -> int:
        return a >> (b & low)

    def rotl(a: int, b: int) -> int:
        count = b & low
        return (a << count | a >> (bits - count)) & mask

    def rotr(a: int, b: int) -> int:
        count = b & low
        return (a >> count | a << (bits - count)) & mask

    return {"shl": shl, "shr_s": shr_s, "shr_u": shr_u, "rotl": rotl, "rotr": rotr}


_BITWISE: Final[dict[str, Binary]] = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}


def _comparisons(bits: int) -> dict[str, Test]:
    sign = 1 << (bits - 1)

    # Adding half the range maps signed order to unsigned order.
    def lt_s(a: int, b: int) -> bool:
        return a ^ sign < b ^ sign

    def gt_s(a: int, b: int) -> bool:
        return a ^ sign > b ^ sign

    def le_s(a: int, b: int) -> bool:
        return a ^ sign <= b ^ sign

    def ge_s(a: int, b: int) -> bool:
        return a ^ sign >= b ^ sign

    return {"lt_s": lt_s, "gt_s": gt_s, "le_s": le_s, "ge_s": ge_s}


_UNSIGNED: Final[dict[str, Test]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt_u": operator.lt,
    "gt_u": operator.gt,
    "le_u": operator.le,
    "ge_u": operator.ge,
}


def _extension(width: int, bits: int) -> Unary:
    low, sign, mask = (1 << width) - 1, 1 << (width - 1), (1 << bits) - 1

    def extend(a: int) -> int:
        return ((a & low) ^ sign) - sign & mask

    return extend


def eqz(a: int) -> int:
    """Whether the operand is zero. Branches on it know this function and do not call it."""
    return 0 if a else 1


UNARY: Final[dict[str, Unary]] = {
    **{f"{type}.eqz": eqz for type in _WIDTHS},
    **{f"{type}.{name}": f for type, bits in _WIDTHS.items() for name, f in _counts(bits).items()},
    **{f"{type}.extend{width}_s": _extension(width, _WIDTHS[type])
       for type, width in (("i32", 8), ("i32", 16), ("i64", 8), ("i64", 16), ("i64", 32))},
}  # fmt: skip

BINARY: Final[dict[str, Binary]] = {
    f"{type}.{name}": f
    for type, bits in _WIDTHS.items()
    for name, f in {**_sums(bits), **_divisions(bits), **_shifts(bits), **_BITWISE}.items()
}

TESTS: Final[dict[str, Test]] = {
    f"{type}.{name}": f for type, bits in _WIDTHS.items() for name, f in {**_UNSIGNED, **_comparisons(bits)}.items()
}
