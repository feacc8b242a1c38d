"""A draft of an interface file: exports as debug information proves them, imports as their callers suggest.

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
    from ..analysis import DebugLayouts, Described, Guess
    from ..model import Module

SCHEMA: Final = "wasmrewrite.interface-draft/1"


def draft(name: str, module: Module) -> Report:
    """The draft as TOML and as data. Raises ``MalformedError``, ``InvalidError``."""
    from ..analysis import DebugLayouts, guess_imports

    debug, guesses = DebugLayouts(module), guess_imports(module)
    data = {
        "schema": SCHEMA,
        "problem": None if debug.problem is None else debug.problem.message,
        "exports": [_export_data(each) for each in debug.exports],
        "imports": [_guess_data(each) for each in guesses],
    }
    indices = Indices(module)
    types = {each.name: indices.type_of(each.item) for each in module.exports}
    lines: Document = [f"# Drafted from {for_terminal(name)}. Read it through before you pass it on with --interface."]
    lines += _export_lines(debug, types)
    lines += _import_lines(module, guesses)
    return Report(data, lines)


def _export_data(described: Described) -> dict[str, Any]:
    declared = described.declaration
    params = None if declared is None or declared.params is None else list(map(str, declared.params))
    result = None if declared is None or declared.result is None else str(declared.result)
    return {
        "name": described.name,
        "params": params,
        "result": result,
        "by_pointer": described.by_pointer,
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


def _export_lines(debug: DebugLayouts, types: dict[str, str]) -> Document:
    if debug.problem is not None:
        head = f"# Exports: {for_terminal(debug.problem.message)}."
    else:
        head = "# Exports, as debug information describes them."
    lines: Document = ["", head]
    for each in debug.exports:
        if each.declaration is not None:
            lines += ["", "[[export]]", *_declared(each.declaration)]
        elif each.suspected or debug.problem is None:
            why = "may return through a pointer" if debug.problem is not None else for_terminal(each.reason)
            lines += ["", f"# {quoted(each.name)} {types[each.name]}: {why}"]
    return lines


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
