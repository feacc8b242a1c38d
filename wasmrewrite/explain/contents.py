"""What is in a module, as plain data: sections, imports, exports, memories, the stack pointer, who made it.

Not here: what could be wrong with it (``remarks``).
"""

from __future__ import annotations

from typing import Any, Final

from ..errors import WasmError
from ..model import Import, Module
from .items import KINDS, Indices

SCHEMA: Final = "wasmrewrite.info/1"
_UNKNOWN: Final = "cannot tell which global is the stack pointer: "
_UNCOUNTED: Final = ("custom", "start", "data count")


def contents(module: Module) -> dict[str, Any]:
    """What is in ``module``, as plain data. Raises ``MalformedError``, ``InvalidError``."""
    indices = Indices(module)
    problems: list[str] = []
    return {
        "schema": SCHEMA,
        "size": len(module.source.data),
        "producers": _producers(module, problems),
        "features": _features(module, problems),
        "sections": _sections(module),
        "counts": _counts(module),
        "imports": _imports(module, indices),
        "exports": _exports(module, indices),
        "start": _start(module, indices),
        "memories": _memories(module, indices),
        "stack_pointer": _stack_pointer(module, indices),
        "problems": problems,
    }


def _sections(module: Module) -> list[dict[str, Any]]:
    from ..codec import frame
    from ..isa.leb import read_u32
    from ..model.layout import SECTIONS

    data, found = module.source.data, []
    for section in frame(data):
        kind = SECTIONS.get(section.id, "custom")
        count = None if kind in _UNCOUNTED else int(read_u32(data, section.start, section.end)[0])
        found.append(
            {
                "kind": kind,
                "name": section.name,
                "offset": section.header,
                "size": section.end - section.header,
                "count": count,
            }
        )
    return found


def _record(module: Module, name: str, problems: list[str]) -> list[Any]:
    """The contents of the first custom section called ``name``; what is wrong with it goes to ``problems``."""
    from ..codec.custom import read

    custom = next((custom for custom in module.customs if custom.name == name and custom.span), None)
    if custom is None or custom.span is None:
        return []
    reading = read(name, module.source.data, *custom.span)
    problems += [f"custom section {name!r}: {error}" for error in reading.problems]
    return reading.record or []


def _producers(module: Module, problems: list[str]) -> list[dict[str, str]]:
    return [
        {"field": str(field["name"]), "name": str(value["name"]), "version": str(value["version"])}
        for field in _record(module, "producers", problems)
        for value in field["values"]
    ]


def _features(module: Module, problems: list[str]) -> list[str]:
    return [f"{each['prefix']}{each['name']}" for each in _record(module, "target_features", problems)]


def _counts(module: Module) -> dict[str, dict[str, int]]:
    """Per index space that has any items, how many are imported and how many defined."""
    parts = ("funcs", "tables", "memories", "globals", "tags")
    found = {}
    for part in parts:
        items = getattr(module, part)
        imported = sum(item.imported for item in items)
        if items:
            found[part] = {"imported": imported, "defined": len(items) - imported}
    return found


def _imports(module: Module, indices: Indices) -> list[dict[str, Any]]:
    found = []
    for item in module.imports:
        origin = item.origin
        if isinstance(origin, Import):
            name = {"module": origin.module, "name": origin.name}
            place = {"kind": KINDS[item.space], "index": indices.of(item)}
            found.append({**name, **place, "type": indices.type_data(item), "type_text": indices.type_of(item)})
    return found


def _exports(module: Module, indices: Indices) -> list[dict[str, Any]]:
    return [
        {
            "name": export.name,
            "kind": KINDS[export.item.space],
            "index": indices.of(export.item),
            "type": indices.type_data(export.item),
            "type_text": indices.type_of(export.item),
        }
        for export in module.exports
    ]


def _start(module: Module, indices: Indices) -> dict[str, Any] | None:
    func = module.start
    return None if func is None else {"index": indices.of(func), "name": func.name}


def _memories(module: Module, indices: Indices) -> list[dict[str, Any]]:
    return [
        {"index": index, "imported": memory.imported, **indices.type_data(memory)}
        for index, memory in enumerate(module.memories)
    ]


def _stack_pointer(module: Module, indices: Indices) -> dict[str, Any]:
    """The index of the global and the evidence, or why none is known."""
    from ..analysis import find_stack_pointer

    try:
        found = find_stack_pointer(module)
    except WasmError as error:
        why = error.message.removeprefix(_UNKNOWN).partition(";")[0]
        return {"index": None, "name": None, "evidence": [], "why_not": why}
    return {
        "index": indices.of(found.item),
        "name": found.item.name,
        "evidence": list(found.evidence),
        "why_not": None,
    }
