"""``wasmrewrite explain``: what is remarkable about a module, and which command helps.

Not here: finding it (``remarks``).
"""

from __future__ import annotations

import shlex
from itertools import zip_longest
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
    "validity": "validity",
    "imports": "imports",
    "results": "results through pointers",
    "exports": "exports",
    "start": "start and constructors",
    "features": "features",
    "leftovers": "leftovers of the build",
    "other": "other",
}
_LONGEST: Final = 300
_FIRST_VERSION: Final = "mvp"


@click.command
@module_argument("module")
@report_output
def command(module: str, output: str, form: Format) -> None:
    """Say what is remarkable about a module, and which command helps.

    Who made it, surprising imports with the shortest way there, functions that seem to return through a pointer,
    exports that are addresses, what runs at instantiation, features, leftovers. What is only suspected says so. Each
    remark ends with a command: "mend" changes something, "see" shows more.

    \b
    Example:
      wasmrewrite explain app.wasm
      wasmrewrite explain app.wasm --format json
    """
    from ..model import Module
    from .info import facts
    from .remarks import Remarks

    source = streams.read_module(module)
    with source.blamed():
        read = Module.from_bytes(source.data)
        about = facts(read)
        remarks = Remarks(read, module)
        found = remarks.all()
        data = {
            "schema": SCHEMA,
            "size": about["size"],
            "producers": about["producers"],
            "toolchain": [{"name": each.name, "evidence": each.evidence} for each in remarks.makers],
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
    lines: Document = [
        f"{name}: {size_words(data['size'])}, "
        + (f"made by {for_terminal(made)}" if made else "does not say who made it")
    ]
    lines += [f"looks like {each['name']}: {_clipped(each['evidence'])}" for each in _untold(data)]
    features = data["features"]
    used = [each for each in features["used"] if each != _FIRST_VERSION]
    lines.append(f"features used: {for_terminal(', '.join(used)) or 'those of the first version only'}")
    idle = [each for each in features["declared"] if each not in features["used"]]
    if idle:
        lines.append(f"declared, but not used: {for_terminal(', '.join(idle))}")
    lines += [f"not looked at: {for_terminal(each)}" for each in data["unknown"]]
    lines.append(f"found: {_counts(remarks)}")
    for topic in dict.fromkeys(each.topic for each in remarks):
        lines += _topic(_HEADINGS[topic], [each for each in remarks if each.topic == topic])
    return lines


def _untold(data: dict[str, Any]) -> list[dict[str, str]]:
    """The tools that the producers section does not name."""
    told = " ".join(each["name"] for each in data["producers"]).lower().replace("rustc", "rust wasm-ld").split()
    return [each for each in data["toolchain"] if each["name"].lower() not in told]


def _counts(remarks: list[Remark]) -> str:
    from .remarks import WEIGHTS

    counts = {weight: sum(each.weight == weight for each in remarks) for weight in WEIGHTS}
    words = [f"{count} {weight}{'s' * (count > 1)}" for weight, count in counts.items() if count]
    return ", ".join(words) or "nothing remarkable"


def _topic(heading: str, remarks: list[Remark]) -> Document:
    lines: Document = ["", f"{heading}:"]
    lines += [f"  ({each})" for each in dict.fromkeys(each.caution for each in remarks) if each]
    for each, following in zip_longest(remarks[:SHOWN], remarks[1:SHOWN]):
        lines.append(f"  {each.weight}: {_clipped(each.what)}")
        lines += [f"    {_clipped(evidence)}" for evidence in each.evidence]
        if following is not None and following.command == each.command:
            continue  # one command for several
        unsure = ", if so" if each.mends and each.weight == "suspicion" else ""
        verb = "mend" if each.mends else "see"
        lines.append(f"    {verb}{unsure}: {for_terminal(shlex.join(('wasmrewrite', *each.command)))}")
    if len(remarks) > SHOWN:
        lines.append(f"  and {len(remarks) - SHOWN} more, which --format json shows")
    return lines


def _clipped(text: str) -> str:
    shown = for_terminal(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "..."
