"""Debug information made by hand: entries as nested tuples become the sections that a compiler would write."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.helpers.binary import custom, leb

TAGS = {
    "array_type": 0x01, "class_type": 0x02, "enumeration_type": 0x04, "formal_parameter": 0x05, "member": 0x0D,
    "pointer_type": 0x0F, "compile_unit": 0x11, "structure_type": 0x13, "typedef": 0x16, "union_type": 0x17,
    "inheritance": 0x1C, "subrange_type": 0x21, "base_type": 0x24, "const_type": 0x26, "subprogram": 0x2E,
    "variant_part": 0x33,
}  # fmt: skip
NAMES = {
    "name": 0x03, "byte_size": 0x0B, "low_pc": 0x11, "high_pc": 0x12, "upper_bound": 0x2F, "abstract_origin": 0x31,
    "count": 0x37, "data_member_location": 0x38, "encoding": 0x3E, "external": 0x3F, "specification": 0x47,
    "type": 0x49, "data_bit_offset": 0x6B, "linkage_name": 0x6E, "alignment": 0x88,
}  # fmt: skip
ADDRESS, DATA4, STRING, REF4 = 0x01, 0x06, 0x08, 0x13


@dataclass
class Die:
    """An entry. Attributes are numbers (``low_pc`` an address), texts, or ``@`` and the label of another entry."""

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
    writer = _Writer()
    writer.write(Die("compile_unit", attributes or {}, list(entries)))
    for at, label in writer.references:
        writer.out[at : at + 4] = writer.places[label].to_bytes(4, "little")
    header = b"\x04\x00" + bytes(4) + b"\x04"
    info = (len(header) + len(writer.out)).to_bytes(4, "little") + header + bytes(writer.out)
    return custom(".debug_abbrev", bytes(writer.table) + b"\0") + custom(".debug_info", info)


HEADER = 11


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray()
        self.table = bytearray()
        self.codes: dict[tuple[object, ...], int] = {}
        self.places: dict[str, int] = {}
        self.references: list[tuple[int, str]] = []

    def write(self, entry: Die) -> None:
        self.places[entry.label] = HEADER + len(self.out)
        self.out += leb(self.code(entry))
        for name, value in entry.attributes.items():
            form = _form(name, value)
            if form == STRING:
                self.out += str(value).encode() + b"\0"
                continue
            if form == REF4:
                self.references.append((len(self.out), str(value)[1:]))
                value = 0
            self.out += int(value).to_bytes(4, "little")
        for child in entry.children:
            self.write(child)
        if entry.children:
            self.out += b"\0"

    def code(self, entry: Die) -> int:
        forms = tuple((NAMES[name], _form(name, value)) for name, value in entry.attributes.items())
        key = (entry.tag, bool(entry.children), forms)
        if key not in self.codes:
            self.codes[key] = len(self.codes) + 1
            self.table += leb(self.codes[key]) + leb(TAGS[entry.tag]) + bytes((bool(entry.children),))
            self.table += b"".join(leb(name) + leb(form) for name, form in forms) + b"\0\0"
        return self.codes[key]


def _form(name: str, value: int | str) -> int:
    if isinstance(value, str):
        return REF4 if value.startswith("@") else STRING
    return ADDRESS if name == "low_pc" else DATA4
