"""A draft of an interface file: exports as debug information proves them or their stores suggest, imports as their
callers suggest.

What is proved is declared; what is guessed stands behind ``#`` until a person takes that away. Not here: reading
interface files (``rewrite.interface_file``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..contract import Declaration
from ..isa.types import func_type
from ..model import Func, Import
from .describe import Indices
from .escape import for_terminal, quoted
from .report import Document, Report

if TYPE_CHECKING:
    from ..analysis import DebugLayouts, Described, Guess, Written
    from ..model import Module

SCHEMA: Final = "wasmrewrite.interface-draft/1"
MOST_UNKNOWN: Final = 100
"""Exports of which only the type is known are counted, not listed, if they are more."""


def draft(name: str, module: Module) -> Report:
    """The draft as TOML and as data. Raises ``MalformedError``, ``InvalidError``."""
    from ..analysis import DebugLayouts, guess_imports, written_exports

    debug, guesses = DebugLayouts(module), guess_imports(module)
    cleared = {each.name for each in debug.exports if each.declaration is not None}
    written = {each.name: each for each in written_exports(module) if each.name not in cleared}
    data = {
        "schema": SCHEMA,
        "problem": None if debug.problem is None else debug.problem.message,
        "exports": [_export_data(each, written.get(each.name)) for each in debug.exports],
        "imports": [_guess_data(each) for each in guesses],
    }
    indices = Indices(module)
    types = {each.name: indices.type_of(each.item) for each in module.exports}
    lines: Document = [f"# Drafted from {for_terminal(name)}. Read it through before you pass it on with --interface."]
    lines += _export_lines(debug, types, written, len(module.memories) > 1)
    lines += _import_lines(module, guesses)
    return Report(data, lines)


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


def _export_lines(debug: DebugLayouts, types: dict[str, str], written: dict[str, Written], several: bool) -> Document:
    """What is known and guessed of exports; ``several`` memories have to be told apart."""
    if debug.problem is not None:
        head = f"# Exports: {for_terminal(debug.problem.message)}."
    else:
        head = "# Exports, as debug information describes them."
    lines: Document = ["", head, *(_HOW_GUESSED if written else ())]
    unknown = []
    for each in debug.exports:
        reason = each.reason if debug.problem is None else ""
        if each.declaration is not None:
            lines += ["", "[[export]]", *_declared(each.declaration)]
        elif each.name in written:
            lines += ["", *_written(written[each.name], types[each.name], several, reason)]
        elif debug.problem is None:
            lines += ["", f"# {quoted(each.name)} {types[each.name]}: {for_terminal(each.reason)}"]
        elif each.suspected:
            unknown.append(f"# {quoted(each.name)} {types[each.name]}: may return through a pointer")
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


def _import_lines(module: Module, guesses: list[Guess]) -> Document:
    if not guesses:
        return []
    lines: Document = [
        "",
        "# Imports: nothing describes them. These get an address in their caller's frame; the results are guesses from",
        "# what callers load, to be confirmed by taking the '#' away. Members are in memory order, which need not be",
        "# that of the declaration; u8 can be bool, i32 can be u32 or char; members that nobody loads are missing.",
    ]
    by_name: dict[Import, list[Guess]] = {}
    for each in guesses:
        by_name.setdefault(each.origin, []).append(each)
    for origin, same in by_name.items():
        lines += ["", "[[import]]", f"module = {toml_text(origin.module)}", f"name = {toml_text(origin.name)}"]
        why_not = _unlike(module, origin) or same[0].why_not
        lines += [f"# no guess: {why_not}"] if why_not else _guessed(module, same)
    return lines


def _unlike(module: Module, origin: Import) -> str | None:
    """Why one declaration could not stand for all imports of a name."""
    types = [func_type(each.type) for each in module.imports if isinstance(each, Func) and each.origin == origin]
    return f"it is imported {len(types)} times, with unlike types" if len(set(types)) > 1 else None


def _guessed(module: Module, same: list[Guess]) -> list[str]:
    first, *others = same
    calls = "1 call" if first.sites == 1 else f"{first.sites} calls"
    gaps = "".join(f"; nobody loads bytes {start} to {end - 1}" for start, end in first.gaps)
    lines = [f"memory = {first.memory}"] if len(module.memories) > 1 else []
    lines.append(f"# result = {toml_text(str(first.result))}  # guessed from {calls}{gaps}")
    return lines + [f"# it is imported once more; the guess there: {each.result}" for each in others if each.result]
