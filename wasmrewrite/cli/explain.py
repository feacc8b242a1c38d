"""``wasmrewrite explain``: what is remarkable about a module, and which command helps.

Not here: finding it (``remarks``).
"""

from __future__ import annotations

import shlex
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any, Final

import click

from . import streams
from .escape import for_terminal
from .options import module_argument, report_output
from .report import Document, Format, Report, emit

if TYPE_CHECKING:
    from .kinds import Kind
    from .remark import Remark

SCHEMA: Final = "wasmrewrite.explain/1"
FEW: Final = 5
"""So many remarks of one kind are shown one by one; more are summed up."""
SAMPLES: Final = 3
"""How many of more are shown."""
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
@click.option("--all", "every", is_flag=True, help="Show each remark, however many say the same.")
@report_output
def command(module: str, every: bool, output: str, form: Format) -> None:
    """Say what is remarkable about a module, and which command helps.

    Who made it, surprising imports with the shortest way there, functions that seem to return through a pointer,
    exports that are addresses, what runs at instantiation, features, leftovers. What is only suspected says so. Each
    remark ends with a command: "mend" changes something, "see" shows more. Many that say the same are summed up, with
    one command for all.

    \b
    Example:
      wasmrewrite explain app.wasm
      wasmrewrite explain app.wasm --format json
    """
    from ..model import Module
    from .info import facts
    from .kinds import kinds
    from .remarks import Remarks

    source = streams.read_module(module)
    with source.blamed():
        read = Module.from_bytes(source.data)
        about = facts(read)
        remarks = Remarks(read, module)
        found = remarks.all()
        together = kinds(found, remarks.about)
        data = {
            "schema": SCHEMA,
            "size": about["size"],
            "producers": about["producers"],
            "toolchain": [{"name": each.name, "evidence": each.evidence} for each in remarks.about.makers],
            "features": _features(remarks.features),
            "start": about["start"],
            "stack_pointer": about["stack_pointer"],
            "kinds": [each.to_json() for each in together],
            "remarks": [each.to_json() for each in found],
            "unknown": [*about["problems"], *remarks.unknown],
        }
    emit(Report(data, _document(source.name, data, together, every)), form, output)


def _features(found: tuple[list[str], dict[str, Any]]) -> dict[str, list[str]]:
    declared, used = found
    return {"declared": sorted(declared), "used": sorted(used)}


def _document(name: str, data: dict[str, Any], kinds: list[Kind], every: bool) -> Document:
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
    lines.append(f"found: {_counts([each for kind in kinds for each in kind.remarks])}")
    for topic, same in groupby(kinds, key=lambda kind: kind.remarks[0].topic):
        lines += _topic(_HEADINGS[topic], list(same), every)
    return lines


def _untold(data: dict[str, Any]) -> list[dict[str, str]]:
    """The tools that the producers section does not name."""
    told = " ".join(each["name"] for each in data["producers"]).lower().replace("rustc", "rust wasm-ld").split()
    return [each for each in data["toolchain"] if each["name"].lower() not in told]


def _counts(remarks: list[Remark]) -> str:
    from .remark import WEIGHTS

    counts = {weight: sum(each.weight == weight for each in remarks) for weight in WEIGHTS}
    words = [f"{count} {weight}{'s' * (count > 1)}" for weight, count in counts.items() if count]
    return ", ".join(words) or "nothing remarkable"


def _topic(heading: str, kinds: list[Kind], every: bool) -> Document:
    lines: Document = ["", f"{heading}:"]
    remarks = [each for kind in kinds for each in kind.remarks]
    lines += [f"  ({each})" for each in dict.fromkeys(each.caution for each in remarks) if each]
    single: list[Remark] = []
    for kind in kinds:
        if every or len(kind.remarks) <= FEW:
            single += kind.remarks
        else:
            lines += [*_one_by_one(single), *_together(kind)]
            single = []
    return lines + _one_by_one(single)


def _one_by_one(remarks: list[Remark]) -> Document:
    lines: Document = []
    for each, following in zip_longest(remarks, remarks[1:]):
        lines.append(f"  {each.weight}: {_clipped(each.what)}")
        lines += [f"    {_clipped(evidence)}" for evidence in each.evidence]
        if following is not None and following.command == each.command:
            continue  # one command for several
        lines.append(_command(each.command, each.mends, each.mends and each.weight == "suspicion"))
    return lines


def _together(kind: Kind) -> Document:
    """A summary, some of the remarks, and one command for all of them."""
    lines: Document = [f"  {kind.remarks[0].weight}: {_clipped(kind.what)}"]
    lines += [f"    {_clipped(each.short or each.what)}" for each in kind.remarks[:SAMPLES]]
    lines.append(f"    and {len(kind.remarks) - SAMPLES} more, which --all shows")
    lines.append(_command(kind.command, kind.mends, unsure=False))
    if kind.then:
        lines.append(f"    then, with what is right in {kind.then[-1]}: {_shell(kind.then)}")
    return lines


def _command(command: tuple[str, ...], mends: bool, unsure: bool) -> str:
    return f"    {'mend' if mends else 'see'}{', if so' if unsure else ''}: {_shell(command)}"


def _shell(command: tuple[str, ...]) -> str:
    return for_terminal(shlex.join(("wasmrewrite", *command)))


def _clipped(text: str) -> str:
    shown = for_terminal(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "..."
