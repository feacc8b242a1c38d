"""Where the bytes of a module are: by section, by function, by crate. Not here: what could be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..codec.frame import frame
from ..model import Body, Module
from ..model.layout import SECTIONS
from .demangling import Demangler

_SEGMENT: Final = re.compile(r"[<&*( ]*(?:(?:dyn|mut|const|impl) )*([A-Za-z_$][\w$]*)(?=::)")


@dataclass(frozen=True, slots=True)
class SectionSize:
    """A section: ``size`` in bytes with its header; ``name`` of a custom section, else None."""

    kind: str
    name: str | None
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class PrefixSize:
    """The functions whose names begin with one crate or namespace; ``prefix`` None: those without one, or nameless."""

    prefix: str | None
    functions: int
    size: int


def section_sizes(module: Module) -> list[SectionSize]:
    """The sections as read, in the order of the file. Raises ``MalformedError``."""
    return [
        SectionSize(SECTIONS.get(each.id, "custom"), each.name, each.header, each.end - each.header)
        for each in frame(module.source.data)
    ]


def function_sizes(module: Module) -> list[int]:
    """Bytes of each function's code entry as read, locals included, its own length not; 0 for imports and new code."""
    bodies = (func.origin for func in module.funcs)
    spans = (body.span if isinstance(body, Body) else None for body in bodies)
    return [0 if span is None else span[1] - span[0] for span in spans]


def prefix_sizes(module: Module) -> list[PrefixSize]:
    """Code by crate (Rust) or outermost namespace (C++), largest first, then by name."""
    readable = Demangler()
    sizes: dict[str | None, tuple[int, int]] = {}
    for func, size in zip(module.funcs, function_sizes(module), strict=True):
        if not func.imported:
            prefix = None if func.name is None else prefix_of(readable(func.name))
            count, total = sizes.get(prefix, (0, 0))
            sizes[prefix] = count + 1, total + size
    found = (PrefixSize(prefix, *both) for prefix, both in sizes.items())
    return sorted(found, key=lambda each: (-each.size, each.prefix or ""))


def prefix_of(name: str) -> str | None:
    """The crate or outermost namespace of a demangled name: of the first path in it that has one."""
    head = _SEGMENT.match(name)
    return head[1] if head else None
