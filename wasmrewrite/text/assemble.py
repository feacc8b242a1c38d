"""Text to binary: ``assemble`` reads a module and writes its sections from their declarations in ``codec``.

Encodings are as short as they can be. Not here: reading text (``fields``, ``body``).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from ..codec import custom
from ..codec.code import write_locals
from ..codec.frame import PREAMBLE
from ..codec.sections import build_section
from ..isa.immediates import Space
from ..isa.leb import write_u
from ..isa.structure import END
from ..isa.table import ROWS
from ..kernels.encode import encode
from ..model.layout import SECTIONS
from .body import Code
from .cursor import KEYWORD, OPEN
from .fields import Draft, Fields, Function
from .lexer import Token, Tokens, tokenize
from .problem import Problem, TextError

_USES_DATA: Final = frozenset(row for row in ROWS if any(kind.space is Space.DATA for kind in row.operands))
_NAMED: Final = (
    (1, Space.FUNC), (4, Space.TYPE), (5, Space.TABLE), (6, Space.MEMORY), (7, Space.GLOBAL), (8, Space.ELEM),
    (9, Space.DATA), (11, Space.TAG),
)  # fmt: skip


def assemble(text: str | bytes) -> bytes:
    """The binary of a module as text: ``(module ...)``, or its fields alone.

    Raises ``TextError`` with everything that was found wrong. Whether the module is valid is not looked at.
    """
    source = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
    tokens = tokenize(source)
    return write(read(tokens))


def read(tokens: Tokens) -> Draft:
    """The module that all of the tokens are. Raises ``TextError``."""
    fields = Fields(tokens)
    start, end, name = _extent(fields)
    fields.draft.name = name
    draft = fields.module(start, end)
    problems = [Problem(fault.message, fault.start, fault.end) for fault in tokens.faults] + fields.problems
    if problems:
        raise TextError(tokens, sorted(problems, key=lambda problem: problem.start))
    return draft


def _extent(fields: Fields) -> tuple[int, int, str | None]:
    """The tokens that are fields: all, or those inside ``(module ...)``."""
    last = len(fields.kinds) - 1
    if not (fields.kinds[0] == OPEN and fields.kinds[1] == KEYWORD and fields.texts[1] == "module"):
        return 0, last, None
    fields.at = 2
    name = fields.identifier()
    closing = fields.tokens.partner[0]
    if fields.kinds[closing] == Token.END:
        fields.report("unexpected token end of input; expected ')' for this '('", 0)
    elif closing + 1 < last:
        fields.report(f"unexpected token {fields.shown(closing + 1)}; expected the end of the text", closing + 1)
    return fields.at, closing, name


def write(draft: Draft) -> bytes:
    """The bytes of a module."""
    out = [PREAMBLE]
    records = _records(draft)
    for number in SECTIONS:
        if number in records:
            out.append(_section(number, build_section(number, records[number], b"")))
    names = _names(draft)
    if names:
        contents = custom.write("name", names)
        out.append(_section(0, write_u(4) + b"name" + contents))
    return b"".join(out)


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
    runs = [(len(list(same)), type) for type, same in groupby(func.locals)]
    data = write_locals(runs) + _expr(func.code)
    return {"size": len(data), "span": data}


def _names(draft: Draft) -> list[dict[str, Any]]:
    """The subsections of the name section that say something, in ascending order."""
    parts: dict[int, Any] = {0: draft.name}
    for number, space in _NAMED:
        parts[number] = sorted(draft.symbols[space].names.items())
    imported = sum(record["kind"] == "function" for record in draft.imports)
    locals_of = {**draft.import_names, **{imported + at: func.local_names for at, func in enumerate(draft.funcs)}}
    parts[2] = _indirect((index, sorted(names.items())) for index, names in locals_of.items())
    parts[3] = _indirect((imported + at, func.label_names) for at, func in enumerate(draft.funcs))
    parts[10] = _indirect((index, sorted(names.names.items())) for index, names in draft.symbols.types.fields.items())
    return [
        {"id": number, "size": None, "contents": parts[number], "problem": None}
        for number in sorted(parts)
        if parts[number]
    ]


def _indirect(maps: Iterable[tuple[int, list[tuple[int, str]]]]) -> list[tuple[int, list[tuple[int, str]]]]:
    return sorted((index, names) for index, names in maps if names)

