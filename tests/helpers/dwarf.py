"""Debug information made by hand: entries as nested tuples become the sections that a compiler would write."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.helpers.binary import custom, leb

TAGS = {
    "array_type": 0x01, "class_type": 0x02, "enumeration_type": 0x04, "formal_parameter": 0x05, "member": 0x0D,
    "pointer_type": 0x0F, "compile_unit": 0x11, "structure_type": 0x13, "typedef": 0x16, "union_type": 0x17,
    "inheritance": 0x1C, "subrange_type": 0x21, "base_type": 0x24, "const_type": 0x26, "subprogram": 0x2E,
    "variant_part": 0x33, "variable": 0x34, "type_unit": 0x41,
}  # fmt: skip
NAMES = {
    "name": 0x03, "byte_size": 0x0B, "low_pc": 0x11, "high_pc": 0x12, "upper_bound": 0x2F, "abstract_origin": 0x31,
    "count": 0x37, "data_member_location": 0x38, "encoding": 0x3E, "external": 0x3F, "specification": 0x47,
    "type": 0x49, "data_bit_offset": 0x6B, "linkage_name": 0x6E, "dwo_name": 0x76, "alignment": 0x88,
    "location": 0x02, "ranges": 0x55, "GNU_vector": 0x2107, "GNU_dwo_name": 0x2130,
}  # fmt: skip
ADDRESS, DATA4, STRING, REF4, SIGNATURE, PLACES, OFFSET = (
    0x01, 0x06, 0x08, 0x13, 0x20, 0x22, 0x17,
)  # fmt: skip


@dataclass
class Die:
    """An entry. Attributes are numbers (``low_pc`` an address), texts, or ``@`` and the label of another entry.

    ``signature`` is a type by its signature, ``location`` the number of a list of places (``DW_FORM_loclistx``).
    """

    tag: str
    attributes: dict[str, int | str]
    children: list[Die] = field(default_factory=list)
    label: str = ""


def die(tag: str, *children: Die, label: str = "", **attributes: int | str) -> Die:
    """An entry."""
    return Die(tag, attributes, list(children), label)


def base(label: str, encoding: int, size: int) -> Die:
    """A base type."""
    return die("base_type", label=label, name=label, encoding=encoding, byte_size=size)


def record(label: str, size: int, *members: tuple[str, str, int]) -> Die:
    """A struct of members: name, label of the type, offset."""
    inner = [die("member", name=name, type=f"@{of}", data_member_location=at) for name, of, at in members]
    return die("structure_type", *inner, label=label, name=label, byte_size=size)


def sections(*entries: Die, attributes: dict[str, int | str] | None = None) -> bytes:
    """The custom sections ``.debug_abbrev`` and ``.debug_info``: one unit of DWARF 4 that holds ``entries``."""
    return debug(Unit(entries, attributes or {}))


@dataclass
class Unit:
    """A unit. ``wide``: of 64-bit DWARF; ``type`` is the label of the type that ``signature`` stands for."""

    entries: tuple[Die, ...]
    attributes: dict[str, int | str] = field(default_factory=dict)
    version: int = 4
    wide: bool = False
    kind: str = "compile"
    signature: int = 0
    type: str = ""
    address: int = 4

    @property
    def is_apart(self) -> bool:
        """Whether it lies in ``.debug_types``."""
        return self.version < 5 and self.kind == "type"

    def made(self, writer: _Writer, table: int) -> bytes:
        """The unit with its length in front; its abbreviations start at ``table``."""
        writer.address = self.address
        writer.header = len(self._header(table, 0)) + (12 if self.wide else 4)
        writer.write(Die("type_unit" if self.kind == "type" else "compile_unit", self.attributes, list(self.entries)))
        for at, label in writer.references:
            writer.out[at : at + 4] = writer.places[label].to_bytes(4, "little")
        contents = self._header(table, writer.places.get(self.type, 0)) + writer.out
        length = len(contents).to_bytes(8 if self.wide else 4, "little")
        return (b"\xff" * 4 if self.wide else b"") + length + contents

    def _header(self, table: int, place: int) -> bytes:
        size = 8 if self.wide else 4
        abbreviations = table.to_bytes(size, "little")
        start = self.version.to_bytes(2, "little")
        start += bytes([_KINDS[self.kind], self.address]) + abbreviations if self.version >= 5 else b""
        start += b"" if self.version >= 5 else abbreviations + bytes([self.address])
        tail = self.signature.to_bytes(8, "little") + place.to_bytes(size, "little")
        return start + (tail if self.kind == "type" else bytes(8) if self.kind == "skeleton" else b"")


_KINDS = {"compile": 1, "type": 2, "skeleton": 4}


def debug(*units: Unit) -> bytes:
    """The custom sections that hold ``units``."""
    table, info, types = b"", b"", b""
    for unit in units:
        writer = _Writer()
        made = unit.made(writer, len(table))
        table += bytes(writer.table) + b"\0"
        if unit.is_apart:
            types += made
        else:
            info += made
    apart = custom(".debug_types", types) if types else b""
    return custom(".debug_abbrev", table) + custom(".debug_info", info) + apart


HEADER = 11


class _Writer:
    def __init__(self) -> None:
        self.header = HEADER
        self.address = 4
        self.out = bytearray()
        self.table = bytearray()
        self.codes: dict[tuple[object, ...], int] = {}
        self.places: dict[str, int] = {}
        self.references: list[tuple[int, str]] = []

    def write(self, entry: Die) -> None:
        self.places[entry.label] = self.header + len(self.out)
        self.out += leb(self.code(entry))
        for name, value in entry.attributes.items():
            form = _form(name, value)
            if form == STRING:
                self.out += str(value).encode() + b"\0"
                continue
            if form == REF4:
                self.references.append((len(self.out), str(value)[1:]))
                value = 0
            self.out += leb(int(value)) if form == PLACES else int(value).to_bytes(self.size(form), "little")
        for child in entry.children:
            self.write(child)
        if entry.children:
            self.out += b"\0"

    def size(self, form: int) -> int:
        """Bytes of a number in that form."""
        return {SIGNATURE: 8, ADDRESS: self.address}.get(form, 4)

    def code(self, entry: Die) -> int:
        forms = tuple((NAMES.get(name, NAMES["type"]), _form(name, value)) for name, value in entry.attributes.items())
        key = (entry.tag, bool(entry.children), forms)
        if key not in self.codes:
            self.codes[key] = len(self.codes) + 1
            self.table += leb(self.codes[key]) + leb(TAGS[entry.tag]) + bytes((bool(entry.children),))
            self.table += b"".join(leb(name) + leb(form) for name, form in forms) + b"\0\0"
        return self.codes[key]


def _form(name: str, value: int | str) -> int:
    if name == "signature":
        return SIGNATURE
    if isinstance(value, str):
        return REF4 if value.startswith("@") else STRING
    if name in ("location", "ranges"):
        return PLACES if name == "location" else OFFSET
    return ADDRESS if name == "low_pc" else DATA4
