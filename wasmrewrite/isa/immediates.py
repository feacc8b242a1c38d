"""Operand kinds: for each its name, index space, shape, bytes and text, once (specification 5.4, 6.5).

Operand values are what bytes say ("raw"): indices are ints, ``Padded`` when written over-long; types may hold type
indices. Not here: which instruction has which operands (``ops``), how operands lie in the bytes (``operand_bytes``),
fast loops over whole bodies (``kernels``), names of items (``show`` and ``parse`` ask their partner for those).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Any, Final, Protocol

from . import operand_bytes as by
from .leb import Buffer, read_s32, read_s64, read_u32, write_s, write_u
from .operand_bytes import CATCH_NAMES, BlockType, BrTable, Cast, Catch, MemArg, read_valtype, write_valtype
from .types import HeapType, RefType, ValType

__all__ = [
    "CATCH_NAMES",
    "KINDS",
    "MODULE_SPACES",
    "BlockType",
    "BrTable",
    "Cast",
    "Catch",
    "MemArg",
    "Names",
    "OperandKind",
    "Shape",
    "Space",
    "Words",
    "lane",
    "memarg",
    "read_valtype",
    "write_valtype",
]


class Space(Enum):
    """An index space; the value is the specification's word for its items, as in "unknown function 7"."""

    TYPE = "type"
    FUNC = "function"
    TABLE = "table"
    MEMORY = "memory"
    GLOBAL = "global"
    TAG = "tag"
    ELEM = "elem segment"
    DATA = "data segment"
    LOCAL = "local"
    LABEL = "label"
    FIELD = "field"

    __hash__ = object.__hash__  # members are unique, and hot loops look them up

    @property
    def is_module(self) -> bool:
        """Whether edits of the module renumber it (locals, labels and fields stay inside one function or type)."""
        return self not in (Space.LOCAL, Space.LABEL, Space.FIELD)


MODULE_SPACES: Final = frozenset(space for space in Space if space.is_module)


class Shape(IntEnum):
    """How an operand lies in the bytes; what skip loops dispatch on."""

    U32 = 0
    S32 = auto()
    S64 = auto()
    BYTE = auto()
    FOUR = auto()
    EIGHT = auto()
    SIXTEEN = auto()
    MEMARG = auto()
    BLOCKTYPE = auto()
    LABELS = auto()
    VALTYPES = auto()
    CATCHES = auto()
    HEAPTYPE = auto()
    CAST = auto()


class Names(Protocol):
    """What ``show`` asks of a printer. Instead of raw indices the printer may be given items: it knows which it has."""

    def index(self, space: Space, index: Any) -> str:
        """The text of an index or item."""

    def float_bits(self, bits: int, width: int) -> str:
        """The text of a float of 32 or 64 bits, given as bits."""

    def val_type(self, value: ValType) -> str:
        """The text of a value type."""

    def heap_type(self, heap: HeapType) -> str:
        """The text of a heap type."""

    def type_use(self, index: Any) -> str:
        """``(type x)``, with whatever the printer likes to repeat of the type."""

    def block_type(self, block_type: Any) -> str:
        """The text of a block type; empty if there is nothing to say."""


class Words(Protocol):
    """What ``parse`` asks of a text parser; each method consumes what it returns."""

    def index(self, space: Space) -> int:
        """An index, or a name of that space."""

    def optional_index(self, space: Space) -> int | None:
        """The same, or None if no index stands here."""

    def indices(self, space: Space) -> tuple[int, ...]:
        """All indices that stand here, one at least."""

    def integer(self, bits: int) -> int:
        """A signed or unsigned literal of that many bits, as a signed number."""

    def unsigned(self, bits: int) -> int:
        """An unsigned literal of that many bits."""

    def float_bits(self, width: int) -> int:
        """A float literal of 32 or 64 bits, as bits."""

    def lanes(self) -> tuple[int, ...]:
        """The 16 lane indices of a shuffle."""

    def v128(self) -> bytes:
        """A shape and its lanes."""

    def offset(self) -> int:
        """The number of ``offset=...``; 0 if there is none."""

    def alignment(self, natural: int) -> int:
        """The exponent of ``align=...``; ``natural`` if there is none."""

    def heap_type(self) -> HeapType:
        """A heap type."""

    def ref_type(self) -> RefType:
        """A reference type."""

    def result_types(self) -> tuple[ValType, ...]:
        """``(result ...)`` clauses."""

    def type_use(self) -> int:
        """A type use."""

    def block_type(self) -> BlockType:
        """A block type."""

    def catches(self) -> tuple[Catch, ...]:
        """Catch clauses."""


@dataclass(frozen=True, slots=True, eq=False)
class OperandKind:
    """One kind of operand. ``space``: the index space of the index in it, if any (``shape`` says where in it).

    ``read(buf, pos, end)`` gives value and next position, or raises MalformedError; ``write(value)`` gives bytes.
    ``natural``: the exponent of a memory operand's natural alignment. ``lanes``: how many there are.
    ``optional``: text may leave it out when it is 0, and writes it before the other operands.
    """

    name: str
    space: Space | None
    shape: Shape
    read: Callable[[Buffer, int, int], tuple[Any, int]]
    write: Callable[[Any], bytes]
    show: Callable[[Any, Names], str]
    parse: Callable[[Words], Any]
    natural: int = 0
    lanes: int = 0
    optional: bool = False

    def __str__(self) -> str:
        return self.name


def _index(space: Space, name: str = "") -> OperandKind:
    def show(value: Any, names: Names) -> str:
        return names.index(space, value)

    def parse(words: Words) -> int:
        return words.index(space)

    return OperandKind(name or space.name.lower(), space, Shape.U32, read_u32, write_u, show, parse)


def _optional_index(space: Space) -> OperandKind:
    def show(value: Any, names: Names) -> str:
        return names.index(space, value)

    def parse(words: Words) -> int:
        return words.optional_index(space) or 0

    return OperandKind(space.name.lower(), space, Shape.U32, read_u32, write_u, show, parse, optional=True)


def _plain(value: Any, _names: Names) -> str:
    return str(int(value))


def _show_v128(value: bytes, _names: Names) -> str:
    lanes = (int.from_bytes(value[at : at + 4], "little") for at in range(0, 16, 4))
    return " ".join(("i32x4", *(f"0x{lane:08x}" for lane in lanes)))


def _show_lanes(value: tuple[int, ...], _names: Names) -> str:
    return " ".join(map(str, value))


def _parse_lanes(words: Words) -> tuple[int, ...]:
    return words.lanes()


def _show_labels(value: tuple[tuple[Any, ...], Any], names: Names) -> str:
    labels, default = value
    return " ".join(names.index(Space.LABEL, label) for label in (*labels, default))


def _parse_labels(words: Words) -> BrTable:
    *labels, default = words.indices(Space.LABEL)
    return BrTable(tuple(labels), default)


def _show_result_types(value: tuple[ValType, ...], names: Names) -> str:
    return " ".join(("(result", *map(names.val_type, value))) + ")"


def _show_catches(value: tuple[Catch, ...], names: Names) -> str:
    return " ".join(_show_catch(catch, names) for catch in value)


def _show_catch(catch: Catch, names: Names) -> str:
    words = [CATCH_NAMES[catch.kind]]
    if catch.tag is not None:
        words.append(names.index(Space.TAG, catch.tag))
    return f"({' '.join(words)} {names.index(Space.LABEL, catch.label)})"


def _show_ref(value: RefType, names: Names) -> str:
    return names.val_type(value)


def _show_cast(value: Cast, names: Names) -> str:
    label = names.index(Space.LABEL, value.label)
    return f"{label} {names.val_type(value.source)} {names.val_type(value.target)}"


def _parse_cast(words: Words) -> Cast:
    return Cast(words.index(Space.LABEL), words.ref_type(), words.ref_type())


TYPE: Final = _index(Space.TYPE)
FUNC: Final = _index(Space.FUNC)
TABLE: Final = _optional_index(Space.TABLE)
MEMORY: Final = _optional_index(Space.MEMORY)
GLOBAL: Final = _index(Space.GLOBAL)
TAG: Final = _index(Space.TAG)
ELEM: Final = _index(Space.ELEM)
DATA: Final = _index(Space.DATA)
LOCAL: Final = _index(Space.LOCAL)
LABEL: Final = _index(Space.LABEL)
FIELD: Final = _index(Space.FIELD)
TYPE_USE: Final = OperandKind(
    "type use", Space.TYPE, Shape.U32, read_u32, write_u, lambda value, names: names.type_use(value),
    lambda words: words.type_use(),
)  # fmt: skip
COUNT: Final = OperandKind("count", None, Shape.U32, read_u32, write_u, _plain, lambda words: words.unsigned(32))
I32_CONST: Final = OperandKind("i32", None, Shape.S32, read_s32, write_s, _plain, lambda words: words.integer(32))
I64_CONST: Final = OperandKind("i64", None, Shape.S64, read_s64, write_s, _plain, lambda words: words.integer(64))
F32_CONST: Final = OperandKind(
    "f32", None, Shape.FOUR, by.read_f32, by.write_f32, lambda bits, names: names.float_bits(bits, 32),
    lambda words: words.float_bits(32),
)  # fmt: skip
F64_CONST: Final = OperandKind(
    "f64", None, Shape.EIGHT, by.read_f64, by.write_f64, lambda bits, names: names.float_bits(bits, 64),
    lambda words: words.float_bits(64),
)  # fmt: skip
V128_CONST: Final = OperandKind("v128", None, Shape.SIXTEEN, by.read_16, bytes, _show_v128, lambda words: words.v128())
LANES: Final = OperandKind("lanes", None, Shape.SIXTEEN, by.read_lanes, bytes, _show_lanes, _parse_lanes, lanes=32)
ORDER: Final = OperandKind(
    "order", None, Shape.BYTE, by.read_zero, by.write_byte, lambda _value, _names: "", lambda _words: 0
)
BLOCKTYPE: Final = OperandKind(
    "block type", Space.TYPE, Shape.BLOCKTYPE, by.read_blocktype, by.write_blocktype,
    lambda value, names: names.block_type(value), lambda words: words.block_type(),
)  # fmt: skip
LABELS: Final = OperandKind(
    "labels", Space.LABEL, Shape.LABELS, by.read_labels, by.write_labels, _show_labels, _parse_labels
)
RESULTS: Final = OperandKind(
    "results", Space.TYPE, Shape.VALTYPES, by.read_valtypes, by.write_valtypes, _show_result_types,
    lambda words: words.result_types(),
)  # fmt: skip
CATCHES: Final = OperandKind(
    "catches", Space.TAG, Shape.CATCHES, by.read_catches, by.write_catches, _show_catches,
    lambda words: words.catches(),
)  # fmt: skip
HEAP: Final = OperandKind(
    "heap type", Space.TYPE, Shape.HEAPTYPE, by.read_heaptype, by.write_heaptype,
    lambda value, names: names.heap_type(value), lambda words: words.heap_type(),
)  # fmt: skip
REF: Final = OperandKind(
    "ref", Space.TYPE, Shape.HEAPTYPE, by.read_ref_to(False), by.write_ref_to, _show_ref,
    lambda words: words.ref_type(),
)  # fmt: skip
REF_NULL: Final = OperandKind(
    "ref null", Space.TYPE, Shape.HEAPTYPE, by.read_ref_to(True), by.write_ref_to, _show_ref,
    lambda words: words.ref_type(),
)  # fmt: skip
CAST: Final = OperandKind("cast", Space.TYPE, Shape.CAST, by.read_cast, by.write_cast, _show_cast, _parse_cast)


def _memarg(natural: int) -> OperandKind:
    def show(value: MemArg, names: Names) -> str:
        words = [] if value.memory is None else [names.index(Space.MEMORY, value.memory)]
        if value.offset:
            words.append(f"offset={int(value.offset)}")
        if value.align != natural:
            words.append(f"align={1 << value.align}")
        return " ".join(words)

    def parse(words: Words) -> MemArg:
        memory = words.optional_index(Space.MEMORY)
        offset = words.offset()
        return MemArg(words.alignment(natural), offset, memory or None)

    name = f"memarg{1 << natural}"
    return OperandKind(name, Space.MEMORY, Shape.MEMARG, by.read_memarg, by.write_memarg, show, parse, natural=natural)


def _lane(count: int) -> OperandKind:
    return OperandKind(
        f"lane{count}", None, Shape.BYTE, by.read_byte, by.write_byte, _plain, lambda words: words.unsigned(8),
        lanes=count,
    )  # fmt: skip


_MEMARGS: Final = {1 << natural: _memarg(natural) for natural in range(5)}
_LANES: Final = {count: _lane(count) for count in (2, 4, 8, 16)}


def memarg(size: int) -> OperandKind:
    """The operand of a memory access of ``size`` bytes."""
    return _MEMARGS[size]


def lane(count: int) -> OperandKind:
    """A lane index out of ``count`` lanes."""
    return _LANES[count]


KINDS: Final = tuple(
    value for value in (*list(vars().values()), *_MEMARGS.values(), *_LANES.values()) if isinstance(value, OperandKind)
)
"""Every operand kind there is."""
