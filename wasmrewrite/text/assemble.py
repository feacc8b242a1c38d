"""Text to binary: ``assemble`` reads a module and writes its sections from their declarations in ``codec``.

Encodings are as short as they can be, but for what the text says: an element segment that names its table says so in
the binary, too. Does not contain: reading text (``module``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from ..codec import custom
from ..codec.code import write_locals
from ..codec.custom.name import FIELDS, LABELS, LOCALS, MAPS, MODULE
from ..codec.frame import PREAMBLE
from ..codec.sections import build_section
from ..codec.source import CODE
from ..isa.immediates import Space
from ..isa.leb import write_u
from ..isa.structure import END
from ..isa.table import ROWS
from ..kernels.encode import encode
from ..model.layout import SECTIONS
from .annotations import HINT, PLACES
from .draft import Code, Draft, Function
from .module import read, tokens_of

_USES_DATA: Final = frozenset(row for row in ROWS if any(kind.space is Space.DATA for kind in row.operands))


def assemble(text: str | bytes, *, names: bool = True) -> bytes:
    """The binary of a module as text: ``(module ...)``, or its fields alone; with or without a name section.

    Raises ``TextError`` with everything that was found wrong. Whether the module is valid is not looked at.
    """
    return write(read(tokens_of(text)), names=names)


def write(draft: Draft, *, names: bool = True) -> bytes:
    """The bytes of a module; ``names``: with a section of the names in the text, if there are some."""
    records = _records(draft)
    out = [PREAMBLE, *_customs(draft, 0, after=False)]
    for number in SECTIONS:
        out += _customs(draft, number, after=False)
        if number == CODE:
            out += _hints(draft)
        if number in records:
            out.append(_section(number, build_section(number, records[number], b"")))
        out += _customs(draft, number, after=True)
    named = _names(draft) if names else []
    if named and not any(each.name == "name" for each in draft.customs):
        out.append(_custom("name", custom.write("name", named)))
    return b"".join([*out, *_customs(draft, PLACES["last"], after=True)])


def _customs(draft: Draft, place: int, *, after: bool) -> list[bytes]:
    """The custom sections on one side of a section, in the order of the text."""
    return [_custom(each.name, each.data) for each in draft.customs if (each.place, each.after) == (place, after)]


def _custom(name: str, contents: bytes) -> bytes:
    written = name.encode()
    return _section(0, write_u(len(written)) + written + contents)


def _hints(draft: Draft) -> list[bytes]:
    """The section of branch hints, if there are some."""
    imported = draft.imported_funcs
    record = [
        {"function": imported + at, "notes": list(_notes(func))} for at, func in enumerate(draft.funcs) if func.hints
    ]
    return [_custom(HINT[1:], custom.write(HINT[1:], record))] if record else []


def _notes(func: Function) -> Iterator[dict[str, Any]]:
    """Branch hints with their offsets from the start of the locals."""
    offset, done = len(_locals(func)), 0
    for index, data in func.hints:
        offset += len(encode(func.code.instrs[done:index]))
        done = index
        yield {"offset": offset, "data": data}


def _section(number: int, contents: bytes) -> bytes:
    return bytes((number,)) + write_u(len(contents)) + contents


def _records(draft: Draft) -> dict[int, Any]:
    """Records by section; none for sections that would be empty."""
    groups = [
        {
            "explicit": group.explicit,
            "types": [{"form": each.form, "supers": each.supers, "composite": each.composite} for each in group.types],
        }
        for group in draft.symbols.types.groups
    ]
    found: dict[int, Any] = {
        1: {"groups": groups} if groups else None,
        2: draft.imports,
        3: [func.type for func in draft.funcs],
        4: [{**table, "init": None if table["init"] is None else _expr(table["init"])} for table in draft.tables],
        5: draft.memories,
        13: draft.tags,
        6: [{**each, "init": _expr(each["init"])} for each in draft.globals],
        7: draft.exports,
        9: [_elem(each) for each in draft.elems],
        10: [_entry(func) for func in draft.funcs],
        11: [{**each, "offset": _optional(each["offset"])} for each in draft.datas],
    }
    found = {number: record for number, record in found.items() if record}
    if draft.start is not None:
        found[8] = draft.start
    if any(op in _USES_DATA for func in draft.funcs for op, _ in func.code.instrs):
        found[12] = len(draft.datas)
    return found


def _expr(code: Code) -> bytes:
    return encode([*code.instrs, (END, ())])


def _optional(code: Code | None) -> bytes | None:
    return None if code is None else _expr(code)


def _elem(record: dict[str, Any]) -> dict[str, Any]:
    items = [_expr(each) if isinstance(each, Code) else each for each in record["items"]]
    return {**record, "offset": _optional(record["offset"]), "items": items}


def _entry(func: Function) -> dict[str, Any]:
    data = _locals(func) + _expr(func.code)
    return {"size": len(data), "span": data}


def _locals(func: Function) -> bytes:
    return write_locals([(len(list(same)), type) for type, same in groupby(func.locals)])


def _names(draft: Draft) -> list[dict[str, Any]]:
    """The subsections of the name section that say something, in ascending order."""
    parts: dict[int, Any] = {MODULE: draft.name}
    for number, space in MAPS.items():
        parts[number] = sorted(draft.symbols[space].names.items())
    imported = draft.imported_funcs
    locals_of = {**draft.import_names, **{imported + at: func.local_names for at, func in enumerate(draft.funcs)}}
    parts[LOCALS] = _indirect((index, sorted(names.items())) for index, names in locals_of.items())
    parts[LABELS] = _indirect((imported + at, func.label_names) for at, func in enumerate(draft.funcs))
    fields = draft.symbols.types.fields
    parts[FIELDS] = _indirect((index, sorted(names.names.items())) for index, names in fields.items())
    return [
        {"id": number, "size": None, "contents": parts[number], "problem": None}
        for number in sorted(parts)
        if parts[number]
    ]


def _indirect(maps: Iterable[tuple[int, list[tuple[int, str]]]]) -> list[tuple[int, list[tuple[int, str]]]]:
    return sorted((index, names) for index, names in maps if names)
