"""``wasmrewrite info``: what is in a module. Not here: what could be wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import WasmError
from . import streams
from .escape import for_terminal, quoted
from .options import module_argument, report_output
from .report import Document, Format, Report, Table, emit

if TYPE_CHECKING:
    from ..model import Module
    from .describe import Indices

SCHEMA: Final = "wasmrewrite.info/1"
_UNKNOWN: Final = "cannot tell which global is the stack pointer: "
_UNCOUNTED: Final = ("custom", "start", "data count")


@click.command
@module_argument("module")
@click.option("--interface", is_flag=True, help="Draft an interface file instead.")
@report_output
def command(module: str, interface: bool, output: str, form: Format) -> None:
    """Show what is in a module.

    Sections and their sizes, imports and exports with their types, the start function, memories, what the stack
    pointer is and why, the tools that made it, declared features.

    With --interface a draft of interface.toml: exports from debug information, imports as guesses to confirm.

    \b
    Example:
      wasmrewrite info app.wasm
      wasmrewrite info --format json - < app.wasm
      wasmrewrite info app.wasm --interface -o interface.toml
    """
    from ..model import Module

    source = streams.read_module(module)
    if interface:
        from .draft import draft

        with source.blamed():
            drafted = draft(source.name, Module.from_bytes(source.data))
        emit(drafted, form, output)
        return
    with source.blamed():
        data = facts(Module.from_bytes(source.data))
    emit(Report(data, document(source.name, data)), form, output)


def facts(module: Module) -> dict[str, Any]:
    """Everything ``info`` tells, as plain data. Raises ``MalformedError``, ``InvalidError``."""
    from .describe import Indices

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
    from ..model import Import
    from .describe import KINDS

    found = []
    for item in module.imports:
        origin = item.origin
        if isinstance(origin, Import):
            name = {"module": origin.module, "name": origin.name}
            place = {"kind": KINDS[item.space], "index": indices.of(item)}
            found.append({**name, **place, "type": indices.type_data(item), "type_text": indices.type_of(item)})
    return found


def _exports(module: Module, indices: Indices) -> list[dict[str, Any]]:
    from .describe import KINDS

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


def document(name: str, data: dict[str, Any]) -> Document:
    """The same for people."""
    from .describe import size_words

    size = data["size"]
    exact = "" if size < 1024 else f" ({size} bytes)"
    parts: Document = [f"{name}: {size_words(size)}{exact}, {len(data['sections'])} sections"]
    made = [f"{each['name']} {each['version']}".strip() for each in data["producers"]]
    if made:
        parts.append(f"made by: {for_terminal(', '.join(made))}")
    if data["features"]:
        parts.append(f"declared features: {for_terminal(' '.join(data['features']))}")
    parts += [_counts_line(data), _start_line(data), *_memory_lines(data), _stack_pointer_line(data)]
    parts += [f"problem: {for_terminal(problem)}" for problem in data["problems"]]
    return [*parts, *_section_table(data), *_import_table(data), *_export_table(data)]


def _counts_line(data: dict[str, Any]) -> str:
    words = [
        f"{part} {count['defined']}" + (f" (and {count['imported']} imported)" if count["imported"] else "")
        for part, count in data["counts"].items()
    ]
    return "items: " + ("; ".join(words) or "none")


def _start_line(data: dict[str, Any]) -> str:
    from .describe import named

    start = data["start"]
    return "start: " + ("none" if start is None else f"func {named(start['index'], start['name'])}")


def _memory_lines(data: dict[str, Any]) -> list[str]:
    from .describe import memory_words

    return [
        f"memory {each['index']}: {memory_words(each)}" + (", imported" if each["imported"] else "")
        for each in data["memories"]
    ]


def _stack_pointer_line(data: dict[str, Any]) -> str:
    from .describe import named

    found = data["stack_pointer"]
    if found["index"] is None:
        return f"stack pointer: unknown ({for_terminal(found['why_not'])})"
    evidence = "; ".join(found["evidence"])
    return f"stack pointer: global {named(found['index'], found['name'])} ({for_terminal(evidence)})"


def _section_table(data: dict[str, Any]) -> Document:
    rows = [
        (
            each["kind"] if each["name"] is None else f"custom {quoted(each['name'])}",
            f"0x{each['offset']:x}",
            str(each["size"]),
            "" if each["count"] is None else str(each["count"]),
        )
        for each in data["sections"]
    ]
    heading = ("section", "offset", "bytes", "entries")
    return ["", Table(heading, rows, ("offset", "bytes", "entries"), 0)] if rows else []


def _import_table(data: dict[str, Any]) -> Document:
    rows = [
        (quoted(each["module"]), quoted(each["name"]), f"{each['kind']} {each['index']}", each["type_text"])
        for each in data["imports"]
    ]
    return ["", Table(("import from", "name", "is", "type"), rows, (), 0)] if rows else []


def _export_table(data: dict[str, Any]) -> Document:
    rows = [(quoted(each["name"]), f"{each['kind']} {each['index']}", each["type_text"]) for each in data["exports"]]
    return ["", Table(("export", "is", "type"), rows, (), 0)] if rows else []
