"""``explain``: everything that is remarkable about a module, as one ``Report``.

Not here: finding it (``remarks``), showing it to people (``cli.explain``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ..arguments import expect
from ..model import Module
from .contents import contents
from .kinds import Kind, kinds
from .remark import Remark
from .remarks import Remarks

SCHEMA: Final = "wasmrewrite.explain/1"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the module seems to come from, whatever its producers section says."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Producer:
    """An entry of the producers section; ``field`` is ``language``, ``processed-by`` or ``sdk``."""

    field: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Start:
    """The start function: its index, and its name if it has one."""

    index: int
    name: str | None


@dataclass(frozen=True, slots=True)
class StackPointer:
    """The global that is the stack pointer, and the evidence; ``index`` is None and ``why_not`` says why if none is."""

    index: int | None
    name: str | None
    evidence: tuple[str, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What ``explain`` found. Names are those of the module, as they are: escape them before you print them.

    ``size`` is that of the file in bytes. ``declared`` and ``used`` are features, by the names of proposals. ``kinds``
    and ``remarks`` hold the same remarks, with and without those of one kind taken together, both with the topics that
    have an error first. ``unknown`` says what could not be looked at, and why.
    """

    size: int
    producers: tuple[Producer, ...]
    toolchain: tuple[Tool, ...]
    declared: tuple[str, ...]
    used: tuple[str, ...]
    start: Start | None
    stack_pointer: StackPointer
    kinds: tuple[Kind, ...]
    remarks: tuple[Remark, ...]
    unknown: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, for ``json.dumps``: what ``wasmrewrite explain --format json`` prints."""
        start, pointer = self.start, self.stack_pointer
        return {
            "schema": SCHEMA,
            "size": self.size,
            "producers": [{"field": each.field, "name": each.name, "version": each.version} for each in self.producers],
            "toolchain": [{"name": each.name, "evidence": each.evidence} for each in self.toolchain],
            "features": {"declared": list(self.declared), "used": list(self.used)},
            "start": None if start is None else {"index": start.index, "name": start.name},
            "stack_pointer": {
                "index": pointer.index,
                "name": pointer.name,
                "evidence": list(pointer.evidence),
                "why_not": pointer.why_not,
            },
            "kinds": [each.to_json() for each in self.kinds],
            "remarks": [each.to_json() for each in self.remarks],
            "unknown": list(self.unknown),
        }


def explain(module: Module, path: str = "in.wasm") -> Report:
    """What is remarkable about ``module``. Nothing is executed, and nothing is changed.

    ``path`` is the file that the commands in the report are about. Raises ``MalformedError``, and ``TypeError`` for
    anything but a module and text; an invalid module is a remark.
    """
    expect(module, Module, "a module", "Module.from_bytes reads one")
    expect(path, str, "a path as text")
    about, found = contents(module), Remarks(module, path)
    remarks = tuple(found.all())
    declared, used = found.features
    start, pointer = about["start"], about["stack_pointer"]
    return Report(
        size=about["size"],
        producers=tuple(Producer(**each) for each in about["producers"]),
        toolchain=tuple(Tool(each.name, each.evidence) for each in found.about.makers),
        declared=tuple(sorted(declared)),
        used=tuple(sorted(used)),
        start=None if start is None else Start(**start),
        stack_pointer=StackPointer(**{**pointer, "evidence": tuple(pointer["evidence"])}),
        kinds=tuple(kinds(remarks, found.about)),
        remarks=remarks,
        unknown=(*about["problems"], *found.unknown),
    )
