"""Folded expressions: the instructions of a body as a tree, each around the operands that it takes from the stack.

Where an operand is not what comes right before (a result of several, a value below a statement), the instruction stands
alone: text allows any number of folded operands. Not here: how one instruction is written (``printer``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..isa.op import Op
from ..isa.signature import Signature
from ..isa.structure import CLOSERS, DIVIDERS, OPENERS
from ..isa.table import BY_NAME

WIDTH: Final = 80
"""Longer expressions are broken into lines."""
DEEPEST: Final = 50
"""Operands nested deeper stand before their instruction: lines would be indentation and little else."""
INDENTED: Final = 50
"""Blocks nested deeper are indented no further: the spaces alone would be quadratic."""
_STEP: Final = "  "
_IF: Final = BY_NAME["if"]
_TRY: Final = BY_NAME["try"]
_DELEGATE: Final = BY_NAME["delegate"].mnemonic
_BLOCK: Final = 1 << 30
"""The width of what is never written in one line."""


@dataclass(slots=True)
class Line:
    """One instruction as text, without parentheses.

    ``comment`` goes in front of it, ``hint`` in a line before; ``pops`` and ``pushes``: how many operands it takes and
    leaves.
    """

    op: Op
    text: str
    pops: int
    pushes: int
    comment: str = ""
    hint: str = ""


@dataclass(slots=True)
class Tree:
    """An expression. ``results``: how many values it leaves; ``width``: how long it is in one line.

    ``depth``: of operands, of a block those of its condition. ``bare``: written without parentheses; ``divides``:
    begins another part of its block.
    """

    head: str
    parts: list[Tree] = field(default_factory=list)
    results: int = 0
    comment: str = ""
    hint: str = ""
    width: int = 0
    depth: int = 0
    bare: bool = False
    divides: bool = False

    def measure(self) -> None:
        """Set ``width`` and ``depth`` from the parts."""
        inside = sum(part.width + 1 for part in self.parts)
        self.width = min(_BLOCK, len(self.comment) + len(self.head) + 2 + inside) if not self.hint else _BLOCK
        self.depth = 1 + max((part.depth for part in self.parts), default=0)


@dataclass(slots=True)
class _Open:
    """A block that is not closed yet: ``inner`` is the part that takes instructions, ``tree`` the block itself."""

    tree: Tree
    inner: Tree


def fold(lines: Iterable[Line]) -> list[Tree]:
    """The expressions of a body, whose blocks are closed as they were opened."""
    blocks = [_Open(body := Tree(""), body)]
    for line in lines:
        pending = blocks[-1].inner.parts
        if line.op in OPENERS:
            blocks.append(_opened(line, pending))
        elif line.op in DIVIDERS:
            block = blocks[-1]
            block.inner = Tree(line.text, comment=line.comment, bare=block.tree.bare, divides=True)
            block.tree.parts.append(block.inner)
        elif line.op in CLOSERS:
            block = blocks.pop()
            _close(block, line.pushes)
            blocks[-1].inner.parts.append(block.tree)
            if block.tree.bare:
                block.tree.results = 0
                blocks[-1].inner.parts.append(Tree(line.text, width=_BLOCK, comment=line.comment, bare=True))
        elif _after_delegate(pending):
            pending.append(Tree(line.text, comment=line.comment, hint=line.hint, width=_BLOCK, bare=True))
        else:
            tree = Tree(line.text, _taken(pending, line.pops), line.pushes, line.comment, line.hint)
            tree.measure()
            pending.append(tree)
    return body.parts


def _opened(line: Line, pending: list[Tree]) -> _Open:
    """A new block; of its operands an ``if`` takes the condition inside, all others stand before it.

    A legacy ``try`` is bare up to its end, which is a sibling, as are its handlers inside: few tools read it folded.
    """
    tree = Tree(line.text, comment=line.comment, hint=line.hint)
    tree.bare = line.op is _TRY or _after_delegate(pending)
    if line.op is _IF and not tree.bare:
        tree.parts = _taken(pending, 1)
        tree.measure()
        inner = Tree("then")
        tree.parts.append(inner)
        return _Open(tree, inner)
    return _Open(tree, tree)


def _after_delegate(pending: list[Tree]) -> bool:
    """True if the next instruction must be bare: wat2wasm takes a parenthesis behind ``delegate`` for a handler."""
    return bool(pending) and pending[-1].bare and pending[-1].head.startswith(_DELEGATE)


def _close(block: _Open, results: int) -> None:
    block.tree.results = results
    for part in block.tree.parts:
        part.width = part.width or _BLOCK
    block.tree.width = _BLOCK
    block.tree.depth = max(1, block.tree.depth)


def _taken(pending: list[Tree], count: int) -> list[Tree]:
    """Take the last expressions that leave exactly ``count`` values, or none of them."""
    found, start = 0, len(pending)
    while found < count and start and pending[start - 1].results and pending[start - 1].depth < DEEPEST:
        start -= 1
        found += pending[start].results
    if found != count:
        return []
    taken = pending[start:]
    del pending[start:]
    return taken


def in_line(instrs: Iterable[tuple[Op, str]]) -> str:
    """An initializer in one line; what the table has no signature for takes nothing into its parentheses."""
    return " ".join(map(_in_line, fold(Line(op, text, *_arity(op)) for op, text in instrs)))


def _arity(op: Op) -> tuple[int, int]:
    signature = op.signature
    return (len(signature.params), len(signature.results)) if isinstance(signature, Signature) else (0, 1)


def layout(trees: list[Tree], indent: str) -> Iterator[str]:
    """The lines of expressions: each in one line if it is short, else its parts below it, one step further in."""
    held = ""  # a line that parentheses may still be added to
    stack: list[tuple[Tree | None, str]] = [(tree, indent) for tree in reversed(trees)]
    while stack:
        tree, indent = stack.pop()
        if tree is None:
            held += ")"
            continue
        if held:
            yield held
        if tree.hint:
            yield f"{indent}{tree.hint}"
        if len(indent) + tree.width <= WIDTH:
            held = indent + _in_line(tree)
            continue
        held = f"{indent}{tree.comment}{'' if tree.bare else '('}{tree.head}"
        if not tree.bare:
            stack.append((None, indent))
        inside = deeper(indent)
        stack += [(part, indent if tree.bare and part.divides else inside) for part in reversed(tree.parts)]
    if held:
        yield held


def deeper(indent: str) -> str:
    """The indentation one step further in."""
    return indent + _STEP if len(indent) < INDENTED * len(_STEP) else indent


def _in_line(tree: Tree) -> str:
    """No deeper than ``WIDTH`` allows."""
    return f"{tree.comment}({' '.join([tree.head, *map(_in_line, tree.parts)])})"
