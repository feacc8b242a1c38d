"""``wasmrewrite info``: what is in a module. Not here: what could be wrong with it."""

from __future__ import annotations

from typing import Any

import click

from ..escape import for_terminal, quoted
from . import streams
from .options import module_argument, report_output
from .report import Document, Format, Report, Table, emit


@click.command
@module_argument("module")
@click.option("--draft-declarations", "draft", is_flag=True, help="Draft a declarations file instead.")
@report_output
def command(module: str, draft: bool, output: str, form: Format) -> None:
    """Show what is in a module.

    Sections and their sizes, imports and exports with their types, the start function, memories, what the stack
    pointer is and why, the tools that made it, declared features.

    With --draft-declarations a draft of interface.toml: exports from debug information, imports as guesses to confirm.

    \b
    Example:
      wasmrewrite info app.wasm
      wasmrewrite info --format json - < app.wasm
      wasmrewrite info app.wasm --draft-declarations -o interface.toml
    """
    from ..explain.contents import contents
    from ..model import Module

    source = streams.read_module(module)
    if draft:
        from ..explain import draft_interface

        with source.blamed():
            drafted = draft_interface(Module.from_bytes(source.data))
        emit(Report(drafted.to_json(), [*drafted.to_toml(source.name).splitlines()]), form, output)
        return
    with source.blamed():
        data = contents(Module.from_bytes(source.data))
    emit(Report(data, document(source.name, data)), form, output)


def document(name: str, data: dict[str, Any]) -> Document:
    """The same for people."""
    from ..spelling import size_words

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
