"""Whether code means the same on both sides, up to the index maps; and which instructions are new where it does not.

Bodies are compared as bytes first, and decoded only when that cannot answer. How operands are mapped is the judge's
own code, on purpose: the rewriter renumbers with another, and a kind of operand forgotten there must not be forgotten
here. Not here: running anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from ...isa.immediates import MODULE_SPACES, OperandKind, Shape, Space
from ...isa.leb import u_width, write_padded
from ...isa.structure import STRUCTURAL
from ...isa.table import ROWS
from ...kernels.decode import RawInstr
from ...model.instr import Expr
from .index_maps import Plan
from .module_view import View

MAX_DIFF: Final = 2000
"""A longer changed stretch is not looked into: all of it counts as changed."""
MAX_SEARCHED: Final = 8
_LEB_WIDTHS: Final = 5

Comparable = tuple[Hashable, ...]
Mapper = Callable[[Space, int], object]


@dataclass(frozen=True, slots=True)
class BodyChange:
    """Input function ``old`` has other code as output function ``new``; ``offsets`` there have to be executed."""

    old: int
    new: int
    offsets: frozenset[int]


class CodeMatch:
    """Compares code of ``old`` with code of ``new`` under the maps of ``plan``."""

    def __init__(self, old: View, new: View, plan: Plan) -> None:
        self.old = old
        self.new = new
        self.plan = plan
        self._moved = self._moved_spaces()
        self._search = self._pattern()

    def _moved_spaces(self) -> frozenset[Space]:
        counts = self.old.counts()
        moved = {space for space in MODULE_SPACES if self.plan.maps[space].mentions_change(counts[space])}
        moved.discard(Space.TYPE)
        new_types = len(self.new.module.types)
        if any(i >= new_types or self.old.type_key(i) is not self.new.type_key(i) for i in range(counts[Space.TYPE])):
            moved.add(Space.TYPE)
        return frozenset(moved)

    def _pattern(self) -> re.Pattern[bytes] | None:
        """What the bytes of a body must contain if it mentions a moved item; None if that is no use."""
        funcs = self.plan.funcs
        if self._moved != {Space.FUNC}:
            return None
        count = len(self.old.module.funcs)
        if not funcs.identity or sum(run.count for run in funcs.runs) != count or len(funcs.redirects) > MAX_SEARCHED:
            return None
        ways = [write_padded(i, width) for i in funcs.redirects for width in range(u_width(i), _LEB_WIDTHS + 1)]
        return re.compile(b"|".join(re.escape(head + way) for head in _heads(Space.FUNC) for way in ways), re.DOTALL)

    def same_bytes_suffice(self, raw: bytes) -> bool:
        """Whether identical bytes ``raw`` on both sides are proof that the code means the same."""
        if not self._moved:
            return True
        return self._search is not None and self._search.search(raw) is None

    def body(self, old: int, new: int) -> BodyChange | None:
        """Compare two defined functions; None if the second is the first up to the maps."""
        before = self.old.raw(self.old.span(old))
        after = self.new.raw(self.new.span(new))
        if before == after and self.same_bytes_suffice(before):
            return None
        expected = [self.expected(raw) for raw in self.old.code(old)]
        code = self.new.code(new)
        actual = [self.actual(raw) for raw in code]
        if expected == actual and self.old.locals(old) == self.new.locals(new):
            return None
        return BodyChange(old, new, frozenset(_changed(expected, actual, code)))

    def expr(self, old: Expr | None, new: Expr | None) -> bool:
        """Whether two constant expressions mean the same."""
        expected = [self.expected(raw) for raw in self.old.expr(old)]
        return expected == [self.actual(raw) for raw in self.new.expr(new)]

    def expected(self, raw: RawInstr) -> Comparable:
        """What an instruction of the input has to be in the output."""
        return _comparable(raw, self._expected_index, self.old)

    def actual(self, raw: RawInstr) -> Comparable:
        """What an instruction of the output is."""
        return _comparable(raw, self._actual_index, self.new)

    def _expected_index(self, space: Space, index: int) -> object:
        if space is Space.TYPE:
            return self.old.type_key(index)
        used = self.plan.maps[space].use(index)
        return ("removed", index) if used is None else used

    def _actual_index(self, space: Space, index: int) -> object:
        return self.new.type_key(index) if space is Space.TYPE else int(index)


def _heads(space: Space) -> list[bytes]:
    """What may stand directly before an index of ``space``."""
    heads = []
    for op in ROWS:
        places = [place for place, kind in enumerate(op.operands) if kind.space is space]
        if places:
            heads.append(op.head if places == [0] and op.operands[0].shape is Shape.U32 else b"")
    return heads


def _comparable(raw: RawInstr, index: Mapper, view: View) -> Comparable:
    _, op, operands = raw
    if not operands:
        return (op.code,)
    return (op.code, *(_operand(kind, value, index, view) for kind, value in zip(op.operands, operands, strict=True)))


def _operand(kind: OperandKind, value: Any, index: Mapper, view: View) -> Hashable:
    if kind.space is None or kind.space not in MODULE_SPACES:
        return value if isinstance(value, int | bytes) else _plain(value)
    return _INDEXED[kind.shape](kind.space, value, index, view)


def _plain(value: Any) -> Hashable:
    """Labels and lanes: nested tuples of integers, in whatever class."""
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value if value is None else int(value)


def _u32(space: Space, value: Any, index: Mapper, _view: View) -> Hashable:
    return index(space, value)


def _memarg(space: Space, value: Any, index: Mapper, _view: View) -> Hashable:
    return int(value.align), int(value.offset), index(space, value.memory or 0)


def _types(_space: Space, value: Any, _index: Mapper, view: View) -> Hashable:
    return tuple(view.val_type(each) for each in value)


def _blocktype(space: Space, value: Any, index: Mapper, view: View) -> Hashable:
    if value is None:
        return None
    return index(space, value) if isinstance(value, int) else _type(value, view)


def _heap(space: Space, value: Any, index: Mapper, view: View) -> Hashable:
    return index(space, value) if isinstance(value, int) else _type(value, view)


def _type(value: Any, view: View) -> Hashable:
    return view.val_type(value)


def _cast(_space: Space, value: Any, _index: Mapper, view: View) -> Hashable:
    return int(value.label), view.val_type(value.source), view.val_type(value.target)


def _catches(space: Space, value: Any, index: Mapper, _view: View) -> Hashable:
    return tuple(
        (int(each.kind), None if each.tag is None else index(space, each.tag), int(each.label)) for each in value
    )


_INDEXED: Final[dict[Shape, Callable[[Space, Any, Mapper, View], Hashable]]] = {
    Shape.U32: _u32,
    Shape.MEMARG: _memarg,
    Shape.BLOCKTYPE: _blocktype,
    Shape.VALTYPES: _types,
    Shape.CATCHES: _catches,
    Shape.HEAPTYPE: _heap,
    Shape.CAST: _cast,
}


def _changed(expected: Sequence[Comparable], actual: Sequence[Comparable], code: Sequence[RawInstr]) -> Iterable[int]:
    """Offsets of the instructions that have to be executed to see every change."""
    start = 0
    limit = min(len(expected), len(actual))
    while start < limit and expected[start] == actual[start]:
        start += 1
    back = 0
    while back < limit - start and expected[-1 - back] == actual[-1 - back]:
        back += 1
    old, new = expected[start : len(expected) - back], actual[start : len(actual) - back]
    if max(len(old), len(new)) > MAX_DIFF:
        places = list(range(start, start + len(new)))
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        places = []
        for tag, _, _, first, end in matcher.get_opcodes():
            if tag != "equal":
                # Where something was deleted, what now stands there has to be seen in its new context.
                places += range(start + first, start + max(end, first + 1))
    return {code[_executable(place, code)][0] for place in places}


def _executable(place: int, code: Sequence[RawInstr]) -> int:
    """The first instruction at or after ``place`` that does more than give the code its structure."""
    place = min(place, len(code) - 1)
    while place < len(code) - 1 and code[place][1] in STRUCTURAL and code[place][1].name != "if":
        place += 1
    return place
