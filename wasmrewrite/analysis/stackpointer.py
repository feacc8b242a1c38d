"""Which global is the linear stack's pointer, and on what evidence.

Names (import, export, name section, wasm-bindgen's helper) count alone if the type fits and they agree. Otherwise a
mutable global that starts at a non-zero multiple of 16 is a candidate, and code has to confirm it: a function lowers it
first thing, and nothing is ever put into it that is not computed. All code is looked at only when several globals
qualify. In doubt there is no answer. Not here: what the judge believes, it has its own search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import RewriteError
from ..isa.leb import write_u
from ..isa.types import I32, I64
from ..model import Body, Expr, Func, Global, Import, Instr, Module
from ..spelling import natural

NAME: Final = "__stack_pointer"
HELPER: Final = "__wbindgen_add_to_stack_pointer"
CONFIRMING: Final = 64
"""How many functions that set the only candidate are looked at."""
SMALL: Final = 1 << 12
"""Bytes of code beyond which such a function is passed over: prologues of small ones say as much, and sooner."""
ALIGN: Final = 16
LINKER_EXPORTS: Final = ("__heap_base", "__data_end")


@dataclass(frozen=True, slots=True)
class StackPointer:
    """``item`` is the global; ``evidence`` says why, strongest first."""

    item: Global
    evidence: tuple[str, ...]


@dataclass(slots=True)
class Moves:
    """What functions do to one global: ``lowered`` counts prologues, ``odd`` names a function that stores what no stack
    pointer is."""

    lowered: int = 0
    odd: str | None = None


def find_stack_pointer(module: Module, given: str | None = None) -> StackPointer:
    """The stack pointer of ``module``; ``given`` (index, export, import or name) overrides all evidence.

    Raises ``RewriteError``: none found, doubt remains, or what is given is no mutable i32 or i64.
    """
    if given is not None:
        return StackPointer(_checked(module, _given(module, given)), (f"given as {given!r}",))
    named = list(_named(module))
    if len({item for item, _ in named}) > 1:
        words = " but ".join(f"{why} says global {_index(module, item)}" for item, why in named)
        raise _refusal(f"evidence disagrees: {words}")
    if named:
        return StackPointer(named[0][0], tuple(why for _, why in named))
    return _by_code(module)


def _refusal(why: str) -> RewriteError:
    return RewriteError(f"cannot tell which global is the stack pointer: {why}; name it with stack-pointer=")


def _index(module: Module, item: Global) -> int:
    return module.globals.index(item)


def _integer(item: Global) -> bool:
    return item.type.mutable and item.type.value in (I32, I64)


def _checked(module: Module, item: Global) -> Global:
    if not _integer(item):
        index = _index(module, item)
        raise RewriteError(f"global {index} ({item.type}) is no stack pointer: it is no mutable i32 or i64")
    return item


def _given(module: Module, given: str) -> Global:
    index = natural(given)
    if index is not None:
        if index < len(module.globals):
            return module.globals[index]
        raise RewriteError(f"stack-pointer={given}: the module has {len(module.globals)} globals")
    export = module.export(given)
    if export is not None and isinstance(export.item, Global):
        return export.item
    found = [item for item in module.globals if given in _called(item)]
    if len(found) != 1:
        raise RewriteError(f"stack-pointer={given!r}: {len(found) or 'no'} globals are called so")
    return found[0]


def _called(item: Global) -> tuple[str | None, ...]:
    origin = item.origin
    return (item.name, origin.name, str(origin)) if isinstance(origin, Import) else (item.name,)


# --- names ------------------------------------------------------------------------------------------------------------


def _named(module: Module) -> Iterator[tuple[Global, str]]:
    """Globals that something names as the stack pointer, strongest first."""
    integers = [item for item in module.globals if _integer(item)]
    for item in integers:
        if isinstance(item.origin, Import) and item.origin.name == NAME:
            yield item, f"import {item.origin}"
    called = [item for item in integers if item.name == NAME]
    if len(called) == 1:
        yield called[0], f"the name section calls global {_index(module, called[0])} {NAME}"
    for export in module.exports:
        if export.name == NAME and export.item in integers:
            assert isinstance(export.item, Global)  # integers are globals
            yield export.item, f"export {NAME}"
    yield from _moved_by_helper(module)


def _moved_by_helper(module: Module) -> Iterator[tuple[Global, str]]:
    export = module.export(HELPER)
    if export is None or not isinstance(export.item, Func) or not isinstance(export.item.origin, Body):
        return
    moved = {instr.args[0] for instr in export.item.origin.expr if instr.op.name == "global.set"}
    if len(moved) == 1 and _integer(item := moved.pop()):
        yield item, f"{HELPER} moves global {_index(module, item)}"


# --- code -------------------------------------------------------------------------------------------------------------


def _by_code(module: Module) -> StackPointer:
    known = (item for item in module.globals if item.index0 is not None)
    candidates = [item for item in known if _integer(item) and _starts_high(item)]
    if not candidates:
        raise _refusal("no mutable i32 or i64 global starts at a multiple of 16 other than 0")
    if len(candidates) == 1:
        return _confirmed(module, candidates[0])
    moves = _moves(candidates, _setters(module, candidates, None))
    lowered = [item for item in candidates if moves[item].lowered]
    if len(lowered) != 1:
        shown = ", ".join(f"global {_index(module, item)} ({moves[item].lowered} prologues)" for item in candidates)
        raise _refusal(f"several qualify: {shown}")
    return _without_oddity(module, lowered[0], moves[lowered[0]], f"{moves[lowered[0]].lowered} functions lower it")


def _confirmed(module: Module, item: Global) -> StackPointer:
    """The only candidate, if code or the linker's own exports speak for it and nothing against it."""
    moves = _moves([item], _setters(module, [item], CONFIRMING))[item]
    if moves.lowered:
        return _without_oddity(module, item, moves, f"{moves.lowered} of the first functions that set it lower it")
    exported = {export.name for export in module.exports}
    linker = [name for name in LINKER_EXPORTS if name in exported]
    if not linker:
        raise _refusal(f"global {_index(module, item)} could be it, but no function lowers it")
    return _without_oddity(module, item, moves, f"the linker exported {' and '.join(linker)}")


def _without_oddity(module: Module, item: Global, moves: Moves, evidence: str) -> StackPointer:
    if moves.odd is not None:
        raise _refusal(f"global {_index(module, item)} could be it, but {moves.odd} sets it to something else")
    start = _constant(item)
    return StackPointer(item, (f"global {_index(module, item)} is mutable and starts at {start}", evidence))


def _constant(item: Global) -> int:
    """What a global starts with, 0 where that is no plain constant."""
    instrs = item.origin.instrs if isinstance(item.origin, Expr) else ()
    return int(instrs[0].args[0]) if len(instrs) == 1 and instrs[0].op.name in ("i32.const", "i64.const") else 0


def _starts_high(item: Global) -> bool:
    start = _constant(item)
    return start != 0 and start % ALIGN == 0


def _setters(module: Module, items: Sequence[Global], limit: int | None) -> Iterator[Func]:
    """Functions whose bytes look like setting one of ``items``; with a ``limit`` only so many, and only small ones."""
    pattern = re.compile(b"|".join(_encodings(item.index0) for item in items if item.index0 is not None), re.DOTALL)
    data = module.source.data
    defined = [(func.origin.span, func) for func in module.funcs if isinstance(func.origin, Body) and func.origin.span]
    found = 0
    at = defined[0][0][0] if defined else len(data)
    while found != limit and (match := pattern.search(data, at)) is not None:
        place = bisect_right(defined, match.start(), key=lambda entry: entry[0][0]) - 1
        (start, end), func = defined[place]
        if match.start() >= end:
            place += 1
            if place == len(defined):
                return
            at = defined[place][0][0]
            continue
        at = end
        if limit is None or end - start <= SMALL:
            found += 1
            yield func


def _encodings(index: int) -> bytes:
    """``global.set index`` with the index in any width."""
    leb = write_u(index)
    head, last = re.escape(leb[:-1]), leb[-1]
    longer = re.escape(bytes((last | 0x80,))) + b"\x80{0,%d}\x00" % (4 - len(leb))
    return re.escape(b"\x24") + head + b"(?:" + re.escape(bytes((last,))) + b"|" + longer + b")"


def _moves(items: Iterable[Global], funcs: Iterable[Func]) -> dict[Global, Moves]:
    moves = {item: Moves() for item in items}
    for func in funcs:
        assert isinstance(func.origin, Body)  # _setters gives defined functions
        instrs = func.origin.expr.instrs
        for item in _lowered(instrs):
            if item in moves:
                moves[item].lowered += 1
        for at, instr in enumerate(instrs):
            if instr.op.name == "global.set" and instr.args[0] in moves and not _computed(instrs, at):
                moves[instr.args[0]].odd = moves[instr.args[0]].odd or f"function {func.index0}"
    return moves


def _computed(instrs: Sequence[Instr], at: int) -> bool:
    """Whether what is set is computed or was saved before, as for a stack pointer, unlike constants for a flag."""
    word = instrs[at - 1].op.name if at else ""
    return word in ("local.tee", "local.get") or word.partition(".")[2] in ("add", "sub", "and", "select")


def _lowered(instrs: Sequence[Instr]) -> set[Global]:
    """Globals that a function lowers by a constant before it does anything else; followed through locals.

    A value is (global, difference); a constant has None for the global, anything else is None.
    """
    stack: list[tuple[Global | None, int] | None] = []
    variables: dict[int, tuple[Global | None, int] | None] = {}
    lowered: set[Global] = set()
    for instr in instrs:
        word, args = instr.op.name, instr.args
        kind = word.partition(".")[2]
        if word == "global.get":
            stack.append((args[0], 0))
        elif kind == "const":
            stack.append((None, args[0]) if word[0] == "i" else None)
        elif word == "local.get":
            stack.append(variables.get(args[0]))
        elif word in ("local.set", "local.tee") and stack:
            variables[args[0]] = stack[-1] if word == "local.tee" else stack.pop()
        elif word in ("i32.add", "i64.add", "i32.sub", "i64.sub", "i32.and", "i64.and") and len(stack) > 1:
            right, left = stack.pop(), stack.pop()
            stack.append(_combined(kind, left, right))
        elif word == "global.set" and stack:
            value = stack.pop()
            base, difference = value or (None, 0)
            if base is not None and base is args[0] and difference < 0:
                lowered.add(base)
        else:
            break
    return lowered


def _combined(
    kind: str, left: tuple[Global | None, int] | None, right: tuple[Global | None, int] | None
) -> tuple[Global | None, int] | None:
    if left is None or right is None or right[0] is not None:
        return None
    if kind == "and":
        return left if right[1] < 0 else None
    return left[0], left[1] + (right[1] if kind == "add" else -right[1])
