"""Debug information entries of a module, read within a budget whatever the sections hold.

pyelftools reads; what it reads from counts every access and refuses beyond the budget, so that no table, string or
number in hostile sections costs more than that. Entries are walked one after the other, never by recursion. Not here:
what entries mean (``dwarf_types``, ``dwarf``).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..errors import ConfigError, LimitError, MalformedError, RewriteError
from ..isa.types import I64
from ..model import Module

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.dwarf.dwarfinfo import DWARFInfo
    from elftools.dwarf.typeunit import TypeUnit

    AnyUnit: TypeAlias = CompileUnit | TypeUnit

_SECTIONS: Final = (
    "debug_info",
    "debug_abbrev",
    "debug_str",
    "debug_addr",
    "debug_str_offsets",
    "debug_line_str",
    "debug_ranges",
    "debug_rnglists",
    "debug_types",
)
_NEEDED: Final = ("debug_str", "debug_addr", "debug_str_offsets", "debug_line_str", "debug_rnglists")
"""What entries of DWARF 5 refer to, so that one cannot do without."""
_LOCAL_REFERENCES: Final = frozenset(
    {"DW_FORM_ref1", "DW_FORM_ref2", "DW_FORM_ref4", "DW_FORM_ref8", "DW_FORM_ref_udata"}
)
_DAMAGE: Final = (
    LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, NotImplementedError,
    RecursionError, StopIteration, struct.error, OSError,
)  # fmt: skip
"""What pyelftools raises on bytes it does not expect, besides its own two errors."""


_PIECE: Final = 12
"""Binary logarithm of the bytes that a read gets for its price."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much debug information may cost: bytes of sections, counts of reads, units, entries, attributes of an entry
    and of nested entries. More is a ``LimitError``.

    A read takes a few microseconds; attributes count as one each, long pieces as several. What compilers write takes
    about two for each byte of entries, so small sections get no more than ``reads_at_least`` and ``density`` a byte.
    """

    section_bytes: int = 1 << 28
    reads: int = 40_000_000
    reads_at_least: int = 100_000
    density: int = 4
    units: int = 20_000
    entries: int = 2_000_000
    attributes: int = 100
    depth: int = 200
    run: int = 4096
    """Single bytes in a row with the highest bit set: a number of that length is none."""


class _Meter:
    """What is left of a budget."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.allowed = self.reads = budget.reads
        self.entries = budget.entries
        self.absent = ""

    def measure(self, size: int) -> None:
        """Allow what is enough for ``size`` bytes of entries and abbreviations."""
        self.allowed = min(self.budget.reads, self.budget.reads_at_least + self.budget.density * size)
        self.reads = self.allowed

    def spend(self, reads: int) -> None:
        """Count reads. Raises ``LimitError``."""
        self.reads -= reads
        if self.reads < 0:
            raise LimitError(f"debug information takes more than {self.allowed} reads")

    def entry(self) -> None:
        self.entries -= 1
        if self.entries < 0:
            raise LimitError(f"debug information has more than {self.budget.entries} entries")


class _Metered(io.BytesIO):
    """A section whose every reading is counted."""

    def __init__(self, data: bytes, meter: _Meter) -> None:
        super().__init__(data)
        self._meter = meter
        self._run = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """As ``BytesIO.read``. Raises ``LimitError``."""
        data = super().read(size)
        self._meter.spend(1 + (len(data) >> _PIECE))
        if len(data) == 1 and data >= b"\x80":
            self._run += 1
            run = self._meter.budget.run
            if self._run > run:
                raise LimitError(f"debug information holds a number of more than {run} bytes")
        else:
            self._run = 0
        return data


@contextmanager
def _reading(meter: _Meter) -> Iterator[None]:
    """Around every use of pyelftools: what it raises becomes a ``MalformedError``, or a ``LimitError`` again."""
    from elftools.common.exceptions import DWARFError, ELFError
    from elftools.construct import ConstructError

    try:
        yield
    except (DWARFError, ELFError, ConstructError, *_DAMAGE) as error:
        meter.spend(0)  # pyelftools takes a refusal for damage, too
        if isinstance(error, AssertionError) and meter.absent:
            raise MalformedError(f"debug information needs a section that is missing: {meter.absent}") from error
        words = str(error).partition("\n")[0][:80]
        raise MalformedError(f"debug information cannot be read: {type(error).__name__} {words}".rstrip()) from error


class Entry:
    """One entry. ``offset`` is from the start of its section; ``depth`` that of the walk."""

    __slots__ = ("_die", "_of", "_unit", "depth")

    def __init__(self, of: Entries, unit: AnyUnit, die: DIE, depth: int = 0) -> None:
        self._of = of
        self._unit = unit
        self._die = die
        self.depth = depth

    @property
    def offset(self) -> int:
        """Where it lies."""
        return int(self._die.offset)

    @property
    def key(self) -> tuple[bool, int]:
        """What identifies it: units of types in DWARF 4 have a section of their own."""
        return _is_apart(self._unit), self.offset

    @property
    def tag(self) -> str:
        """Its tag, ``DW_TAG_`` left out; unknown tags are a number as text."""
        return str(self._die.tag).removeprefix("DW_TAG_")

    def has(self, name: str) -> bool:
        """Whether it has an attribute, ``DW_AT_`` left out."""
        return f"DW_AT_{name}" in self._die.attributes

    def value(self, name: str) -> Any:
        """The value of an attribute as pyelftools understands it, or None."""
        found = self._die.attributes.get(f"DW_AT_{name}")
        return None if found is None else found.value

    def number(self, name: str) -> int | None:
        """The value of an attribute if it is a number. Raises ``MalformedError`` for one that no machine holds."""
        value = self.value(name)
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        if not -(1 << 63) <= value < 1 << 64:
            raise MalformedError("debug information holds a number of more than 64 bits")
        return value

    def form(self, name: str) -> str | None:
        """How an attribute is written, or None without it."""
        found = self._die.attributes.get(f"DW_AT_{name}")
        return None if found is None else str(found.form)

    def text(self, name: str) -> str | None:
        """The value of an attribute if it is text in UTF-8."""
        value = self.value(name)
        try:
            return value.decode() if isinstance(value, bytes) else None
        except UnicodeDecodeError:
            return None

    def target(self, name: str) -> Entry | None:
        """The entry that an attribute refers to, or None without one. Raises ``MalformedError``, ``RewriteError``."""
        found = self._die.attributes.get(f"DW_AT_{name}")
        if found is None:
            return None
        if found.form in _LOCAL_REFERENCES:
            return self._of.at(self._unit, self._unit.cu_offset + found.raw_value)
        if found.form == "DW_FORM_ref_addr":
            return self._of.anywhere(found.raw_value)
        if found.form == "DW_FORM_ref_sig8":
            return self._of.by_signature(found.raw_value)
        raise RewriteError(f"a type is kept in another file ({found.form})")

    def children(self) -> Iterator[Entry]:
        """Its direct children. Raises ``MalformedError``, ``LimitError``."""
        return (each for each in self._of.walk(self._unit, self.offset) if each.depth == 1)


class Entries:
    """All entries of a module. Raises ``RewriteError`` without debug information, ``ConfigError`` without pyelftools.

    Reading raises ``MalformedError`` and ``LimitError``.
    """

    def __init__(self, module: Module, budget: Budget | None = None) -> None:
        self._meter = _Meter(budget or Budget())
        self._info = _open(module, self._meter)
        self._checked: set[tuple[int, int]] = set()
        self._signatures: dict[int, tuple[AnyUnit, int]] | None = None

    def units(self) -> Iterator[Unit]:
        """The units that may hold code, in order."""
        for each in self._units(self._info.iter_CUs):
            unit = Unit(self, each)
            if not unit.holds_type:
                yield unit

    def _units(self, start: Callable[[], Iterator[AnyUnit]]) -> Iterator[AnyUnit]:
        with _reading(self._meter):
            units = start()
        count = 0
        while True:
            with _reading(self._meter):
                unit = next(units, None)
            if unit is None:
                return
            count += 1
            if count > self._meter.budget.units:
                raise LimitError(f"debug information has more than {self._meter.budget.units} units")
            yield unit

    def by_signature(self, signature: int) -> Entry:
        """The type with a signature, which has a unit of its own. Raises ``RewriteError`` if the module lacks it."""
        if self._signatures is None:
            self._signatures = dict(self._signed())
        if signature not in self._signatures:
            raise RewriteError("a type is kept in another file (split debug information)")
        return self.at(*self._signatures[signature])

    def _signed(self) -> Iterator[tuple[int, tuple[AnyUnit, int]]]:
        """Types in units of their own: DWARF 5 keeps these among the others."""
        for unit in self._units(self._info.iter_CUs):
            if Unit(self, unit).holds_type:
                yield int(unit["type_signature"]), (unit, unit.cu_offset + int(unit["type_offset"]))
        if self._info.debug_types_sec is not None:
            for unit in self._units(self._info.iter_TUs):
                yield int(unit["signature"]), (unit, unit.cu_offset + int(unit["type_offset"]))

    def at(self, unit: AnyUnit, offset: int) -> Entry:
        """The entry at an offset of ``unit``. Raises ``MalformedError`` outside it."""
        return Entry(self, unit, self._die(unit, offset))

    def anywhere(self, offset: int) -> Entry:
        """The entry at an offset of ``.debug_info``."""
        with _reading(self._meter):
            unit = self._info.get_CU_containing(offset)
        return self.at(unit, offset)

    def walk(self, unit: AnyUnit, offset: int) -> Iterator[Entry]:
        """The entry at ``offset`` and all below it, depth first; its own depth is 0."""
        depth = 0
        end = unit.cu_offset + unit.size
        while offset < end:
            die = self._die(unit, offset)
            offset += die.size
            if die.is_null():
                depth -= 1
            else:
                yield Entry(self, unit, die, depth)
                depth += bool(die.has_children)
            if depth <= 0:
                return
            if depth > self._meter.budget.depth:
                raise LimitError(f"debug information is nested more than {self._meter.budget.depth} deep")

    def ranges(self, unit: AnyUnit, offset: int) -> list[tuple[int, int]]:
        """The address ranges at an offset of the ranges section."""
        from elftools.dwarf.ranges import BaseAddressEntry

        with _reading(self._meter):
            lists = self._info.range_lists()
            found: list[tuple[int, int]] = []
            base = unit.get_top_DIE().attributes.get("DW_AT_low_pc")
            start = 0 if base is None else int(base.value)
            entries = [] if lists is None else lists.get_range_list_at_offset(offset, unit)  # type: ignore[arg-type]
            for each in entries:
                if isinstance(each, BaseAddressEntry):
                    start = each.base_address
                    continue
                add = 0 if each.is_absolute else start
                found.append((each.begin_offset + add, each.end_offset + add))
            return found

    def _die(self, unit: AnyUnit, offset: int) -> DIE:
        from .dwarf_die import Die

        self._meter.entry()
        if not unit.cu_die_offset <= offset < unit.cu_offset + unit.size:
            raise MalformedError("debug information refers to an entry outside its unit")
        with _reading(self._meter):
            if offset == unit.cu_die_offset or not unit.has_top_DIE():
                self._check_abbreviations(unit)
                top = unit.get_top_DIE()
                if offset == unit.cu_die_offset:
                    return top
            section = self._info.debug_types_sec if _is_apart(unit) else self._info.debug_info_sec
            die = Die(unit, section.stream, offset)  # type: ignore[union-attr]  # it was read to find the unit
        self._meter.spend(len(die.attributes))
        return die

    def _check_abbreviations(self, unit: AnyUnit) -> None:
        """An abbreviation costs its attributes again in every entry, even where they take no bytes."""
        table = unit.get_abbrev_table()
        most = self._meter.budget.attributes
        key = (table.offset, id(table))
        if key in self._checked:
            return
        self._checked.add(key)
        if any(len(each["attr_spec"]) > most for each in table._abbrev_map.values()):
            raise LimitError(f"debug information has entries of more than {most} attributes")


def _is_apart(unit: AnyUnit) -> bool:
    """Whether a unit lies in ``.debug_types``."""
    return "signature" in unit.header


class Unit:
    """One unit of debug information."""

    def __init__(self, entries: Entries, unit: AnyUnit) -> None:
        self._entries = entries
        self._unit = unit

    @property
    def holds_type(self) -> bool:
        """Whether it is one type that other units refer to by its signature, and no code."""
        return self._unit.header.get("unit_type") in ("DW_UT_type", "DW_UT_split_type")

    @property
    def elsewhere(self) -> str | None:
        """The name of the file that holds its entries, if that is another one (split debug information)."""
        top = self._entries.at(self._unit, self._unit.cu_die_offset)
        if top.has("dwo_name") or top.has("GNU_dwo_name"):
            return top.text("dwo_name") or top.text("GNU_dwo_name") or "?"
        return None

    @property
    def address_size(self) -> int:
        """Bytes of an address."""
        return int(self._unit["address_size"])

    def walk(self) -> Iterator[Entry]:
        """All its entries, depth first."""
        return self._entries.walk(self._unit, self._unit.cu_die_offset)

    def ranges(self) -> list[tuple[int, int]] | None:
        """Where its code lies, start and end; None if it does not say so in a way that can be understood."""
        top = self._entries.at(self._unit, self._unit.cu_die_offset)
        low, high, ranges = top.number("low_pc"), top.number("high_pc"), top.number("ranges")
        if ranges is not None:
            try:
                return self._entries.ranges(self._unit, ranges)
            except MalformedError:
                return None
        if low is None or high is None:
            return None
        return [(low, high if top.form("high_pc") == "DW_FORM_addr" else low + high)]


def _open(module: Module, meter: _Meter) -> DWARFInfo:
    sections = {each.name: each.data for each in reversed(module.customs) if each.name[1:] in _SECTIONS}
    if ".debug_info" not in sections or ".debug_abbrev" not in sections:
        if any(each.name == "external_debug_info" for each in module.customs):
            raise RewriteError("debug information is in the file that section external_debug_info names; leave it in")
        raise RewriteError("the module has no debug information; build it with -g (debuginfo=2)")
    if sum(map(len, sections.values())) > meter.budget.section_bytes:
        raise LimitError(f"debug information has more than {meter.budget.section_bytes} bytes")
    meter.measure(sum(len(sections.get(name, b"")) for name in (".debug_info", ".debug_abbrev", ".debug_types")))
    try:
        from elftools.dwarf.dwarfinfo import DebugSectionDescriptor, DwarfConfig, DWARFInfo
    except ImportError as error:
        raise ConfigError("reading debug information needs pyelftools: install wasmrewrite[dwarf]") from error
    meter.absent = " or ".join(f".{name}" for name in _NEEDED if f".{name}" not in sections)
    given: dict[str, Any] = dict.fromkeys(_PARAMETERS)
    for name in _SECTIONS:
        data = sections.get(f".{name}")
        if data is not None:
            given[f"{name}_sec"] = DebugSectionDescriptor(_Metered(data, meter), name, 0, len(data), 0)
    # Lists of ranges do not say how wide their addresses are.
    wide = bool(module.memories) and module.memories[0].type.limits.address is I64
    with _reading(meter):
        return DWARFInfo(DwarfConfig(True, "wasm", default_address_size=8 if wide else 4), **given)


_PARAMETERS: Final = (
    "debug_info_sec", "debug_aranges_sec", "debug_abbrev_sec", "debug_frame_sec", "eh_frame_sec", "debug_str_sec",
    "debug_loc_sec", "debug_ranges_sec", "debug_line_sec", "debug_pubtypes_sec", "debug_pubnames_sec", "debug_addr_sec",
    "debug_str_offsets_sec", "debug_line_str_sec", "debug_loclists_sec", "debug_rnglists_sec", "debug_sup_sec",
    "gnu_debugaltlink_sec", "debug_types_sec",
)  # fmt: skip
