"""``wasmrewrite explain``: what is remarkable about a module, and which command helps.

Not here: finding it (``wasmrewrite.explain``).
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final

import click

from ..escape import for_terminal
from . import streams
from .options import module_argument, report_output
from .report import Document, Format, Report, emit

if TYPE_CHECKING:
    from ..explain import Kind, Remark, Tool
    from ..explain import Report as Explained

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
    from ..explain import explain
    from ..model import Module

    source = streams.read_module(module)
    with source.blamed():
        about = explain(Module.from_bytes(source.data), module)
    emit(Report(about.to_json(), _document(source.name, about, every)), form, output)


def _document(name: str, about: Explained, every: bool) -> Document:
    from ..spelling import size_words

    made = ", ".join(f"{each.name} {each.version}".strip() for each in about.producers)
    lines: Document = [
        f"{name}: {size_words(about.size)}, "
        + (f"made by {for_terminal(made)}" if made else "does not say who made it")
    ]
    lines += [f"looks like {each.name}: {_clipped(each.evidence)}" for each in _untold(about)]
    used = [each for each in about.used if each != _FIRST_VERSION]
    lines.append(f"features used: {for_terminal(', '.join(used)) or 'those of the first version only'}")
    idle = [each for each in about.declared if each not in about.used]
    if idle:
        lines.append(f"declared, but not used: {for_terminal(', '.join(idle))}")
    lines += [f"not looked at: {for_terminal(each)}" for each in about.unknown]
    lines.append(f"found: {_counts(about.remarks)}")
    for topic, same in groupby(about.kinds, key=lambda kind: kind.remarks[0].topic):
        lines += _topic(_HEADINGS[topic], list(same), every)
    return lines


def _untold(about: Explained) -> list[Tool]:
    """The tools that the producers section does not name."""
    told = " ".join(each.name for each in about.producers).lower().replace("rustc", "rust wasm-ld").split()
    return [each for each in about.toolchain if each.name.lower() not in told]


def _counts(remarks: Sequence[Remark]) -> str:
    from ..explain.remark import WEIGHTS

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
