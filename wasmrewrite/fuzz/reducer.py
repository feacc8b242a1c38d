"""``reduce``: the smallest file found that still shows something. Items go first, then code, then bytes.

What counts is decided by the caller, for every candidate; nothing it has not said yes to comes back. A file that is
valid stays valid. Not here: running commands (``cli``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from ..errors import ConfigError, WasmError
from ..isa.immediates import Space
from ..isa.structure import CLOSERS, OPENERS
from ..kernels.scan import find_operands
from ..model import Body, Data, Elem, Expr, Func, Instr, Module, instr
from ..rewrite import Editor
from .shrinking import Attempts, Spent, fewer

ATTEMPTS: Final = 2_000
PATIENCE: Final = 5
"""Candidates made for each attempt allowed: most are no valid modules, and nobody is asked about those."""
LARGE: Final = 1 << 16
"""Bytes beyond which a valid module is not tried byte by byte."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """The smallest file found, and how often the caller was asked."""

    data: bytes
    attempts: int


def reduce(data: bytes, interesting: Callable[[bytes], bool], attempts: int = ATTEMPTS) -> Reduction:
    """Make ``data`` smaller as long as it is ``interesting``, asking at most ``attempts`` times.

    Raises ``ConfigError`` if ``data`` itself is not interesting, and what ``interesting`` raises.
    """
    search = _Search(data, interesting, attempts)
    if not interesting(data):
        raise ConfigError("the file to reduce is not interesting: the test says no to it")
    search.run()
    return Reduction(search.best, attempts - search.attempts.left)


def _valid(data: bytes) -> bool:
    try:
        Module.from_bytes(data, check="validate")
    except WasmError:
        return False
    return True


class _Search:
    def __init__(self, data: bytes, interesting: Callable[[bytes], bool], attempts: int) -> None:
        self.best = data
        self.interesting = interesting
        self.attempts = Attempts(attempts)
        self.candidates = Attempts(PATIENCE * attempts)
        self.valid = _valid(data)
        self.seen: set[bytes] = set()

    def run(self) -> None:
        """Until nothing helps any more, or nobody may be asked again."""
        try:
            while True:
                size = len(self.best)
                if self.valid:
                    self.items()
                    self.bodies()
                if not self.valid or len(self.best) <= LARGE:
                    self.bytes()
                if len(self.best) >= size:
                    return
        except Spent:
            return

    def accept(self, candidate: bytes | None) -> bool:
        """Whether a candidate is smaller and interesting; it is the best one then."""
        self.candidates.take()
        if candidate is None or len(candidate) >= len(self.best):
            return False
        key = sha256(candidate).digest()
        if key in self.seen or (self.valid and not _valid(candidate)):
            return False
        self.seen.add(key)
        self.attempts.take()
        if not self.interesting(candidate):
            return False
        self.best = candidate
        return True

    # --- items --------------------------------------------------------------------------------------------------------

    def items(self) -> None:
        """Leave out exports, segments, sections, code, and whatever nothing uses any more."""
        for remove in _REMOVALS:
            self.without(remove)

    def without(self, remove: _Removal) -> None:
        """Leave out as many things of one sort as possible."""
        count = len(remove.things(Module.from_bytes(self.best)))
        start = self.best

        def holds(kept: list[int]) -> bool:
            return self.accept(_edited(start, lambda module, edit: remove.all_but(module, edit, set(kept))))

        fewer(range(count), holds)

    # --- code ---------------------------------------------------------------------------------------------------------

    def bodies(self) -> None:
        """Leave out instructions, one function after the other."""
        for index, func in enumerate(Module.from_bytes(self.best).funcs):
            if isinstance(func.origin, Body):
                self.body(index)

    def body(self, index: int) -> None:
        """Leave out blocks, local variables and runs of instructions of one function."""
        self.blocks(index)
        start, count = self.best, len(self.instrs(index))
        self.put(index, start, range(count), with_locals=False)
        start, count = self.best, len(self.instrs(index))
        fewer(range(count), lambda kept: self.put(index, start, kept) or self.put(index, start, _gaps(kept, count)))

    def blocks(self, index: int) -> None:
        """Leave out whole blocks, or keep what is in them only."""
        at, instrs = 0, self.instrs(index)
        while at < len(instrs):
            end = _end_of(instrs, at)
            if end == at:
                at += 1
                continue
            before, after = range(at), range(end + 1, len(instrs))
            insides = ([], [_UNREACHABLE], *_insides(instrs, at, end))
            candidates = ([*before, *inside, *after] for inside in insides)
            if any(self.put(index, self.best, each) for each in candidates):
                instrs = self.instrs(index)
            else:
                at += 1

    def instrs(self, index: int) -> Sequence[Instr]:
        """The code of a function in the best file."""
        origin = Module.from_bytes(self.best).funcs[index].origin
        return origin.expr.instrs if isinstance(origin, Body) else ()

    def put(self, index: int, start: bytes, places: Sequence[int], with_locals: bool = True) -> bool:
        """Try code for a function of ``start`` made of instructions it has, by place.

        Negative places stand for an ``unreachable`` or a ``drop`` of no place.
        """

        def change(module: Module, edit: Editor) -> None:
            func = module.funcs[index]
            assert isinstance(func.origin, Body)  # bodies saw to it
            instrs = [*func.origin.expr, instr("drop"), instr("unreachable")]
            edit.set_body(func, func.origin.locals if with_locals else (), [instrs[at] for at in places])

        return self.accept(_edited(start, change))

    # --- bytes --------------------------------------------------------------------------------------------------------

    def bytes(self) -> None:
        """Leave out bytes, whatever they mean."""
        fewer(self.best, lambda kept: self.accept(bytes(kept)))


def _edited(data: bytes, change: Callable[[Module, Editor], None]) -> bytes | None:
    """The module after a change; None where it cannot be made."""
    try:
        module = Module.from_bytes(data)
        change(module, Editor(module))
        return module.to_bytes()
    except WasmError:
        return None


_UNREACHABLE: Final = -1
_DROP: Final = -2


def _insides(instrs: Sequence[Instr], start: int, end: int) -> Iterator[list[int]]:
    """What is in a block, or in either way of an ``if``, whose condition is dropped then."""
    if instrs[start].op.name != "if":
        yield list(range(start + 1, end))
        return
    depth, middle = 0, end
    for at in range(start + 1, end):
        if instrs[at].op.name == "else" and not depth:
            middle = at
        depth += (instrs[at].op in OPENERS) - (instrs[at].op in CLOSERS)
    yield [_DROP, *range(start + 1, middle)]
    yield [_DROP, *range(middle + 1, end)]


def _gaps(kept: Sequence[int], count: int) -> list[int]:
    """The places kept, with ``unreachable`` where others were: what follows it finds any operands it needs."""
    found: list[int] = []
    for last, at in zip((-1, *kept), (*kept, count), strict=True):
        found += [_UNREACHABLE] * (at != last + 1) + [at]
    return found[:-1]


def _end_of(instrs: Sequence[Instr], at: int) -> int:
    """Where the block ends that begins at ``at``; ``at`` itself where none does."""
    depth = 0
    for place in range(at, len(instrs)):
        depth += (instrs[place].op in OPENERS) - (instrs[place].op in CLOSERS)
        if depth <= 0:
            return place
    return at


@dataclass(frozen=True, slots=True)
class _Removal:
    """One sort of things that may be left out: how to find them, how to leave some out."""

    things: Callable[[Module], Sequence[Any]]
    remove: Callable[[Module, Editor, list[Any]], None]

    def all_but(self, module: Module, edit: Editor, kept: set[int]) -> None:
        """Leave out all things but those."""
        self.remove(module, edit, [each for at, each in enumerate(self.things(module)) if at not in kept])


def _starts(module: Module) -> list[Func]:
    return [] if module.start is None else [module.start]


def _defined(module: Module) -> list[Func]:
    return [each for each in module.funcs if isinstance(each.origin, Body)]


def _stub(_module: Module, edit: Editor, funcs: list[Func]) -> None:
    for func in funcs:
        edit.set_body(func, (), [instr("unreachable")])


def _drop(module: Module, _edit: Editor, gone: list[Any]) -> None:
    """Take things out of whatever lists they are in. Nothing checks that they are not used: see ``_unused``."""
    away = {id(each) for each in gone}
    lists: tuple[list[Any], ...] = (
        module.types, module.imports, module.funcs, module.tables, module.memories, module.globals, module.exports,
        module.elems, module.datas, module.customs,
    )  # fmt: skip
    for things in lists:
        if any(id(each) in away for each in things):
            things[:] = [each for each in things if id(each) not in away]


def _unused(space: Space) -> Callable[[Module], list[Any]]:
    """What of an index space nothing mentions, in a module that was just read: one look at everything."""

    def things(module: Module) -> list[Any]:
        used: set[int] = {id(each.item) for each in module.exports} | {id(module.start)}
        for elem in module.elems:
            used |= {id(elem.table), *map(id, elem.items)}
        used |= {id(data.memory) for data in module.datas}
        items: Sequence[Any] = module.source.frozen(space)
        for expr in _expressions(module):
            if expr.span is not None:
                found = find_operands(module.source.data, *expr.span, frozenset({space}))
                used |= {id(items[index]) for _, _, _, index, _ in found if index < len(items)}
        return [each for each in items if id(each) not in used]

    return things


def _expressions(module: Module) -> Iterator[Expr]:
    items: tuple[Any, ...] = (*module.funcs, *module.globals, *module.tables)
    segments: tuple[Elem | Data, ...] = (*module.elems, *module.datas)
    for item in items:
        if isinstance(item.origin, Body):
            yield item.origin.expr
        elif isinstance(item.origin, Expr):
            yield item.origin
    for segment in segments:
        parts = (segment.offset, *segment.items) if isinstance(segment, Elem) else (segment.offset,)
        yield from (each for each in parts if isinstance(each, Expr))


_REMOVALS: Final = (
    _Removal(lambda module: module.customs, _drop),
    _Removal(lambda module: module.exports, _drop),
    _Removal(_starts, lambda _module, edit, _funcs: edit.set_start(None)),
    _Removal(_defined, _stub),
    _Removal(lambda module: module.datas, _drop),
    _Removal(lambda module: module.elems, _drop),
    _Removal(_unused(Space.FUNC), _drop),
    _Removal(_unused(Space.TABLE), _drop),
    _Removal(_unused(Space.GLOBAL), _drop),
    _Removal(_unused(Space.MEMORY), _drop),
    _Removal(lambda module: module.types, _drop),
)
