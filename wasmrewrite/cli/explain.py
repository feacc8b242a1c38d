"""``wasmrewrite explain``: what is remarkable about a module, and which command helps.

Not here: finding it (``remarks``).
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

import click

from . import streams
from .escape import for_terminal
from .options import module_argument, report_output
from .report import Document, Format, Report, emit

if TYPE_CHECKING:
    from .remarks import Remark

SCHEMA: Final = "wasmrewrite.explain/1"
SHOWN: Final = 8
"""How many remarks of one topic people are shown."""
_HEADINGS: Final = {
    "imports": "imports",
    "results": "results through pointers",
    "exports": "exports",
    "start": "start and constructors",
    "features": "features",
    "leftovers": "leftovers of the build",
    "other": "other",
}
_LONGEST: Final = 300


@click.command
@module_argument("module")
@report_output
def command(module: str, output: str, form: Format) -> None:
    """Say what is remarkable about a module, and which command helps.

    Who made it, surprising imports with the shortest way there, functions that seem to return through a pointer,
    exports that are addresses, what runs at instantiation, features, leftovers. What is only suspected says so.

    \b
    Example:
      wasmrewrite explain app.wasm
      wasmrewrite explain app.wasm --format json
    """
    from ..model import Module
    from .info import facts
    from .remarks import Remarks

    source = streams.read(module)
    with source.blamed():
        read = Module.from_bytes(source.data)
        about = facts(read)
        remarks = Remarks(read, module)
        found = remarks.all()
        data = {
            "schema": SCHEMA,
            "size": about["size"],
            "producers": about["producers"],
            "features": _features(remarks.features),
            "start": about["start"],
            "stack_pointer": about["stack_pointer"],
            "remarks": [each.to_json() for each in found],
            "unknown": [*about["problems"], *remarks.unknown],
        }
    emit(Report(data, _document(source.name, data, found)), form, output)


def _features(found: tuple[list[str], dict[str, Any]]) -> dict[str, list[str]]:
    declared, used = found
    return {"declared": sorted(declared), "used": sorted(used)}


def _document(name: str, data: dict[str, Any], remarks: list[Remark]) -> Document:
    from .describe import size_words

    made = ", ".join(f"{each['name']} {each['version']}".strip() for each in data["producers"])
    lines: Document = [f"{name}: {size_words(data['size'])}, made by {for_terminal(made) or 'an unknown tool'}"]
    features = data["features"]
    lines.append(f"features used: {for_terminal(', '.join(features['used'])) or 'none'}")
    idle = [each for each in features["declared"] if each not in features["used"]]
    if idle:
        lines.append(f"declared, but not used: {for_terminal(', '.join(idle))}")
    lines += [f"not looked at: {for_terminal(each)}" for each in data["unknown"]]
    for topic, heading in _HEADINGS.items():
        lines += _topic(heading, [each for each in remarks if each.topic == topic])
    return lines if remarks else [*lines, "nothing remarkable"]


def _topic(heading: str, remarks: list[Remark]) -> Document:
    if not remarks:
        return []
    lines: Document = ["", f"{heading}:"]
    for each in remarks[:SHOWN]:
        lines.append(f"  {each.weight}: {_clipped(each.what)}")
        lines += [f"    {_clipped(evidence)}" for evidence in each.evidence]
        lines.append(f"    $ {for_terminal(shlex.join(('wasmrewrite', *each.command)))}")
    if len(remarks) > SHOWN:
        lines.append(f"  and {len(remarks) - SHOWN} more, which --format json shows")
    return lines


def _clipped(text: str) -> str:
    shown = for_terminal(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "..."
