"""A draft of an interface file: exports as debug information proves them or their stores suggest, imports as their
callers suggest.

What is proved is declared; what is guessed stands behind ``#`` until a person takes that away. Not here: reading
interface files (``rewrite.interface_file``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..arguments import expect
from ..contract import Declaration
from ..escape import for_terminal, quoted
from ..isa.types import func_type
from ..model import Func, Import, Module
from .items import Indices

if TYPE_CHECKING:
    from ..analysis import Described, Guess, Written

SCHEMA: Final = "wasmrewrite.interface-draft/1"
MOST_UNKNOWN: Final = 100
"""Exports of which only the type is known are counted, not listed, if they are more."""


@dataclass(frozen=True, slots=True)
class ExportDraft:
    """What debug information says of an exported function, and else what its stores suggest.

    ``type`` is the function's, in words; ``written`` is None where debug information settles it or nothing is stored.
    """

    described: Described
    type: str
    written: Written | None

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return _export_data(self.described, self.written)


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """What callers of an imported function suggest. ``unlike`` says why no one declaration could stand for its name."""

    guess: Guess
    unlike: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return _guess_data(self.guess)


@dataclass(frozen=True, slots=True)
class InterfaceDraft:
    """A draft of the declarations of a module. ``problem``: why debug information says nothing of its exports.

    ``memories`` is how many there are: several have to be told apart.
    """

    exports: tuple[ExportDraft, ...]
    imports: tuple[ImportDraft, ...]
    problem: str | None
    memories: int

    def to_json(self) -> dict[str, Any]:
        """The same as plain data: what ``info --draft-declarations --format json`` prints."""
        return {
            "schema": SCHEMA,
            "problem": self.problem,
            "exports": [each.to_json() for each in self.exports],
            "imports": [each.to_json() for each in self.imports],
        }

    def to_toml(self, source: str = "a module") -> str:
        """The interface file, drafted from ``source``. Guesses stand behind ``#``; it can be parsed as it is."""
        head = f"# Drafted from {for_terminal(source)}. Read it through before you pass it on with --declarations."
        return "\n".join([head, *_export_lines(self), *_import_lines(self), ""])


def draft_interface(module: Module) -> InterfaceDraft:
    """What the functions of ``module`` seem to take and return, as far as debug information and code show.

    Raises ``MalformedError``, ``InvalidError``, ``TypeError``.
    """
    from ..analysis import DebugLayouts, guess_imports, written_exports

    expect(module, Module, "a module", "Module.from_bytes reads one")
    debug, indices = DebugLayouts(module), Indices(module)
    cleared = {each.name for each in debug.exports if each.declaration is not None}
    written = {each.name: each for each in written_exports(module) if each.name not in cleared}
    types = {each.name: indices.type_of(each.item) for each in module.exports}
    exports = tuple(ExportDraft(each, types[each.name], written.get(each.name)) for each in debug.exports)
    unlike = _unlike(module)
    imports = tuple(ImportDraft(each, unlike.get(each.origin)) for each in guess_imports(module))
    problem = None if debug.problem is None else debug.problem.message
    return InterfaceDraft(exports, imports, problem, len(module.memories))


def _export_data(described: Described, written: Written | None) -> dict[str, Any]:
    declared = described.declaration
    params = None if declared is None or declared.params is None else list(map(str, declared.params))
    result = None if declared is None or declared.result is None else str(declared.result)
    return {
        "name": described.name,
        "params": params,
        "result": result,
        "by_pointer": described.by_pointer,
        "guess": None if written is None or written.result is None else str(written.result),
        "refused": described.reason or None,
    }


def _guess_data(guess: Guess) -> dict[str, Any]:
    return {
        "module": guess.origin.module,
        "name": guess.origin.name,
        "guess": None if guess.result is None else str(guess.result),
        "sites": guess.sites,
        "why_not": guess.why_not or None,
        "not_loaded": [list(gap) for gap in guess.gaps],
    }


# --- TOML -------------------------------------------------------------------------------------------------------------


def toml_text(text: str) -> str:
    """``text`` as a basic string of TOML, in ASCII."""
    return '"' + "".join(map(_toml_char, text)) + '"'


def _toml_char(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if " " <= char <= "~":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x1_0000 else f"\\U{ord(char):08x}"


def _export_lines(draft: InterfaceDraft) -> list[str]:
    """What is known and guessed of exports."""
    said = "Exports, as debug information describes them" if draft.problem is None else f"Exports: {draft.problem}"
    guessed = any(each.written is not None for each in draft.exports)
    lines = ["", f"# {for_terminal(said)}.", *(_HOW_GUESSED if guessed else ())]
    unknown = []
    for each in draft.exports:
        described, title = each.described, f"# {quoted(each.described.name)} {each.type}"
        if described.declaration is not None:
            lines += ["", "[[export]]", *_declared(described.declaration)]
        elif each.written is not None:
            reason = described.reason if draft.problem is None else ""
            lines += ["", *_written(each.written, each.type, draft.memories > 1, reason)]
        elif draft.problem is None:
            lines += ["", f"{title}: {for_terminal(described.reason)}"]
        elif described.suspected:
            unknown.append(f"{title}: may return through a pointer")
    if len(unknown) > MOST_UNKNOWN:
        unknown = [f"# {len(unknown)} more exports take an address first, have no result, and may return through it."]
    return lines + [line for each in unknown for line in ("", each)]


_HOW_GUESSED: Final = (
    "# A result behind '#' is what the export stores through its first parameter: it may return such a struct, or fill",
    "# in a buffer. Take the '#' away to confirm it. Members are in memory order, which need not be that of the",
    "# declaration; u8 can be bool, i32 can be u32 or char; members that are not stored are missing.",
)


def _written(written: Written, type: str, several: bool, reason: str) -> list[str]:
    """An export that seems to return through a pointer."""
    from ..analysis import demangle

    readable = demangle(written.name)
    lines = [f"# {for_terminal(readable)}"] if readable != written.name else []
    lines += ["[[export]]", f"name = {toml_text(written.name)}  # {type}"]
    lines += [f"memory = {written.memory}"] if several else []
    why = f"; debug information: {for_terminal(reason)}" if reason else ""
    if written.result is None:
        return [*lines, f"# no guess: its stores overlap, or are too many{why}"]
    return [*lines, f"# result = {toml_text(str(written.result))}  # guessed from its stores{why}"]


def _declared(declared: Declaration) -> list[str]:
    lines = [f"name = {toml_text(declared.name)}"]
    if declared.params is not None:
        lines.append(f"params = [{', '.join(toml_text(str(each)) for each in declared.params)}]")
    if declared.result is not None:
        lines.append(f"result = {toml_text(str(declared.result))}")
    return lines


def _import_lines(draft: InterfaceDraft) -> list[str]:
    if not draft.imports:
        return []
    lines = [
        "",
        "# Imports: nothing describes them. These get an address in their caller's frame; the results are guesses from",
        "# what callers load, to be confirmed by taking the '#' away. Members are in memory order, which need not be",
        "# that of the declaration; u8 can be bool, i32 can be u32 or char; members that nobody loads are missing.",
    ]
    by_name: dict[Import, list[ImportDraft]] = {}
    for each in draft.imports:
        by_name.setdefault(each.guess.origin, []).append(each)
    for origin, same in by_name.items():
        lines += ["", "[[import]]", f"module = {toml_text(origin.module)}", f"name = {toml_text(origin.name)}"]
        why_not = same[0].unlike or same[0].guess.why_not
        guesses = [each.guess for each in same]
        lines += [f"# no guess: {why_not}"] if why_not else _guessed(guesses, draft.memories > 1)
    return lines


def _unlike(module: Module) -> dict[Import, str]:
    """Why one declaration could not stand for all imports of a name, by that."""
    types: dict[Import, list[object]] = {}
    for each in module.imports:
        if isinstance(each, Func) and isinstance(each.origin, Import):
            types.setdefault(each.origin, []).append(func_type(each.type))
    return {
        origin: f"it is imported {len(same)} times, with unlike types"
        for origin, same in types.items()
        if len(set(same)) > 1
    }


def _guessed(same: Sequence[Guess], several: bool) -> list[str]:
    first, *others = same
    calls = "1 call" if first.sites == 1 else f"{first.sites} calls"
    gaps = "".join(f"; nobody loads bytes {start} to {end - 1}" for start, end in first.gaps)
    lines = [f"memory = {first.memory}"] if several else []
    lines.append(f"# result = {toml_text(str(first.result))}  # guessed from {calls}{gaps}")
    return lines + [f"# it is imported once more; the guess there: {each.result}" for each in others if each.result]
