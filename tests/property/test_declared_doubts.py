"""What code stores contradicts no true declaration of the corpus, and most of the wrong ones that people write.

True are the declarations in ``corpus/interfaces`` and what debug information proves. Wrong ones are made of them: in C
order where the compiler chose another, in reverse, without the last member, with half of each 64-bit integer, with
integers for floats. What is missed is listed by export, and all of it is code that shows less than that.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.analysis import DebugLayouts, Doubts, Layout, layout
from wasmrewrite.contract import Array, Declaration, DeclaredType, Field, Scalar, Struct, parse_type
from wasmrewrite.errors import ConfigError
from wasmrewrite.isa.types import I32, I64, NumType, func_type
from wasmrewrite.model import Export, Func, Module

CORPUS = ROOT / "corpus"
ENTRIES: Final[list[dict[str, Any]]] = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
HALVES: Final = {"u64": "u32", "i64": "i32"}
BITS: Final = {"f32": "u32", "f64": "u64"}

Case = tuple[str, Export, DeclaredType, NumType, int, int, Doubts]


def without_places(declared: DeclaredType) -> DeclaredType:
    """The same in the order and with the padding that C would choose."""
    if isinstance(declared, Struct):
        return Struct(tuple(Field(without_places(each.type), each.name) for each in declared.fields))
    return Array(without_places(declared.element), declared.count) if isinstance(declared, Array) else declared


def replaced(declared: DeclaredType, names: Mapping[str, str]) -> DeclaredType:
    if isinstance(declared, Scalar):
        return Scalar(names.get(declared.name, declared.name))
    if isinstance(declared, Array):
        return Array(replaced(declared.element, names), declared.count)
    fields = (Field(replaced(each.type, names), each.name, each.offset) for each in declared.fields)
    return Struct(tuple(fields), declared.size, declared.align)


def reverse(declared: DeclaredType) -> DeclaredType | None:
    return without_places(Struct(declared.fields[::-1])) if isinstance(declared, Struct) else None


def shortened(declared: DeclaredType) -> DeclaredType | None:
    if isinstance(declared, Struct):
        return Struct(declared.fields[:-1]) if len(declared.fields) > 1 else None
    return Array(declared.element, declared.count - 1) if isinstance(declared, Array) and declared.count > 1 else None


WRONG: Final[dict[str, Callable[[DeclaredType], DeclaredType | None]]] = {
    "C order": without_places,
    "reversed": reverse,
    "last forgotten": shortened,
    "halves": lambda declared: replaced(without_places(declared), HALVES),
    "floats as integers": lambda declared: replaced(declared, BITS),
}
COPIES: Final = {"copy_record", "copy_row", "branches"}
"""These copy a whole struct in pieces, or by ``memory.copy``."""
OPAQUE: Final = {
    "by_table", "diverges", "dynamic_index", "fibonacci_tail", "forward", "forward_pair", "forward_point",
    "forward_point_at", "indirect", "indirect_pair", "maybe_uninit", "newest", "pair", "scaled",
}  # fmt: skip
"""These write nothing themselves (an import or a table does), or less than all, or vectors, or at a computed place."""
OLD: Final = {"tuple_nested", "tuple_u8_u64", "tuple_mixed", "struct_packed"}
"""Unoptimised code of rustc 1.63 copies these byte by byte, padding included."""
MISSED: Final = {
    "C order": OLD,
    "reversed": COPIES | {"newest", "struct_constant", "struct_nested", "enum_payload"},  # two words lie like one
    "last forgotten": OPAQUE | COPIES | OLD,
    "halves": OPAQUE | COPIES | OLD,
    "floats as integers": OPAQUE | COPIES | {"struct_constant"},  # constants are stored as integers
}
CAUGHT: Final = {
    "C order": (58, 59), "reversed": (236, 266), "last forgotten": (492, 568), "halves": (374, 438),
    "floats as integers": (44, 91),
}  # fmt: skip


def cases(entry: dict[str, Any]) -> Iterator[Case]:
    """Exports that return through a pointer, with what is true of them, the memory, the type of its addresses."""
    module = Module.from_bytes((CORPUS / entry["file"]).read_bytes())
    declared: dict[str, tuple[DeclaredType, int, int]] = {}
    tables = tomllib.loads((CORPUS / entry["interface"]).read_text("utf-8")) if "interface" in entry else {}
    names = {each.name: each.item for each in module.exports}
    for each in tables.get("export", []):
        if "result" in each:
            memory = names.get(str(each.get("memory")))
            index = module.memories.index(memory) if memory in module.memories else int(each.get("memory", 0))
            declared[each["name"]] = parse_type(each["result"]), each.get("pointer", 0), index
    for found in DebugLayouts(module).exports:
        if found.by_pointer and found.declaration is not None and found.declaration.result is not None:
            declared[found.name] = found.declaration.result, 0, 0
    doubts = Doubts(module)
    for export in module.exports:
        if export.name in declared and isinstance(export.item, Func) and not func_type(export.item.type).results:
            result, pointer, index = declared[export.name]
            if Declaration(export.name, result=result).by_value:
                address = module.memories[index].type.limits.address
                yield entry["file"], export, result, address, pointer, index, doubts


@cache
def everything() -> list[Case]:
    return [case for entry in ENTRIES for case in cases(entry)]


def laid_out(declared: DeclaredType | None, address: NumType) -> Layout | None:
    try:
        return None if declared is None else layout(declared, address)
    except ConfigError:
        return None


def test_there_is_something_to_look_at() -> None:
    assert len(everything()) > 600
    assert {I32, I64} == {address for _, _, _, address, *_ in everything()}


def test_no_true_declaration_is_doubted() -> None:
    found = {
        (file, export.name): doubt
        for file, export, declared, address, pointer, memory, doubts in everything()
        if (doubt := doubts.of_export(export, layout(declared, address), pointer, memory))
    }
    assert found == {}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_declarations_are_doubted(kind: str) -> None:
    missed: dict[str, list[str]] = defaultdict(list)
    caught = 0
    for file, export, declared, address, pointer, memory, doubts in everything():
        true, other = layout(declared, address), laid_out(WRONG[kind](declared), address)
        if other is None or not other.slots or told_apart(true) == told_apart(other):
            continue
        if doubts.of_export(export, other, pointer, memory):
            caught += 1
        else:
            missed[export.name].append(file)
    assert set(missed) <= MISSED[kind]
    least, of = CAUGHT[kind]
    assert caught / (caught + sum(map(len, missed.values()))) >= least / of


def told_apart(shape: Layout) -> list[tuple[int, Any]]:
    return [(slot.offset, slot.access) for slot in shape.slots]
