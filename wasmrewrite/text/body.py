"""Instructions: flat, folded, or mixed, to any depth (specification 6.5). No recursion: nesting is the author's choice.

A mistake ends one instruction, or the parentheses it stands in; reading goes on behind them. Not here: operands
(``words``), fields (``fields``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..isa.immediates import TYPE_USE, OperandKind, Shape, Space
from ..isa.op import Op
from ..isa.structure import OPENERS
from ..isa.table import BY_MNEMONIC, BY_NAME
from .cursor import ID, KEYWORD, OPEN
from .draft import Code, RawInstr
from .lexer import Token
from .problem import Syntax
from .symbols import Label
from .vocabulary import unknown_operator
from .words import Words

_END: Final = BY_NAME["end"]
_ELSE: Final = BY_NAME["else"]
_IF: Final = BY_NAME["if"]
_TRY: Final = BY_NAME["try"]
_CLAUSES: Final = ("catch", "catch_all", "delegate")
_OPENERS: Final = frozenset(op.name for op in OPENERS)
_WITH_TYPE: Final[Mapping[str, tuple[Op, Op]]] = {
    name: (rows[0], rows[1]) for name, rows in BY_MNEMONIC.items() if len(rows) == 2
}
"""Mnemonics that two rows share: the plain one, and the one that the operand in the text decides for."""


@dataclass(slots=True)
class _Fold:
    """An open parenthesis: what is put out when it closes. ``part`` counts the clauses of an ``if`` or ``try``."""

    closing: int
    finish: Callable[[_Fold], None]
    op: Op | None = None
    operands: tuple[Any, ...] = ()
    token: int = 0
    label: Label | None = None
    part: int = 0
    operands_only: bool = False  # holds folded instructions, no flat ones


class Body(Words):
    """Reads sequences of instructions into ``code``."""

    code = Code()

    def instructions(self, closing: int) -> Code:
        """All instructions up to the token ``closing``, which stays. Problems are noted, not raised."""
        self.code = Code()
        folds: list[_Fold] = []
        while True:
            start, depth = self.at, len(folds)
            try:
                if start >= closing and not folds:
                    break
                self._step(folds, closing)
            except Syntax as error:
                self.problems.append(error.problem)
                self._recover(folds, closing)
                self.at += (self.at, len(folds)) == (start, depth)
        return self.code

    def _step(self, folds: list[_Fold], closing: int) -> None:
        kind = self.kinds[self.at]
        if folds and self.at >= folds[-1].closing:
            if kind == Token.END:
                folds.pop()
                self.fail("unexpected token end of input; expected ')'", self.at)
            fold = folds.pop()
            self.at = fold.closing + 1
            fold.finish(fold)
        elif kind == KEYWORD:
            if folds and folds[-1].operands_only:
                self.unexpected("'(' or ')'; an instruction inside a folded one is folded as well")
            self._flat()
        elif kind == OPEN:
            self._fold(folds)
        else:
            self.unexpected("an instruction")

    def _recover(self, folds: list[_Fold], closing: int) -> None:
        """Go on behind the innermost open parenthesis, or at the next thing that can be an instruction."""
        if folds:
            fold = folds.pop()
            if fold.label is not None:
                self.scope.close_to(fold.label)
            self.at = max(self.at, min(fold.closing + 1, closing))
            return
        at = self.at
        while at < closing and not self._begins_instruction(at):
            at = min(self.tokens.partner[at], closing) + 1 if self.kinds[at] == OPEN else at + 1
        self.at = min(at, closing)

    def _begins_instruction(self, at: int) -> bool:
        at += self.kinds[at] == OPEN
        return self.kinds[at] == KEYWORD and self.texts[at] in BY_MNEMONIC

    def _emit(self, op: Op, operands: tuple[Any, ...], token: int) -> None:
        self.code.instrs.append((op, operands))
        self.code.tokens.append(token)

    # --- one instruction --------------------------------------------------------------------------------------------

    def _flat(self) -> None:
        token = self.at
        word = self.texts[token]
        if word in _OPENERS:
            self.at += 1
            self._open_block(BY_NAME[word], token)
        elif word == "end":
            self.at += 1
            self._close_block(token)
        elif word == "else":
            self._check_part("else", "if")
            self.scope.labels[-1].opener = "else"
            self.at += 1
            self._repeated_label("else")
            self._emit(_ELSE, (), token)
        else:
            if word in _CLAUSES:
                self._check_part(word, "try")
            op, operands = self._plain()
            self._emit(op, operands, token)
            if word == "delegate":
                self._pop_label()

    def _check_part(self, word: str, opener: str) -> None:
        if self.scope.labels[-1].opener != opener:
            self.at += 1
            self.fail(f"unexpected token '{word}'; expected an instruction, no '{opener}' is open", self.at - 1)

    def _plain(self) -> RawInstr:
        """An instruction and its operands."""
        token = self.at
        word = self.texts[token]
        rows = BY_MNEMONIC.get(word)
        if rows is None:
            self.fail(unknown_operator(word), token)
        self.at += 1
        op = rows[0] if len(rows) == 1 else self._row(word)
        if op.name == "delegate":
            return op, (self._outer_label(),)
        if op.name.startswith("struct."):
            return op, self._struct_operands(op)
        return op, self.operands(op)

    def _row(self, word: str) -> Op:
        """Which of two rows the operand asks for."""
        plain, typed = _WITH_TYPE[word]
        if word == "select":
            return typed if self.opens("result") else plain
        nullable = self.kinds[self.at] == KEYWORD or (self.opens("ref") and self.texts[self.at + 2] == "null")
        return typed if nullable else plain

    def operands(self, op: Op) -> tuple[Any, ...]:
        """The operands of an instruction, in the order of the bytes."""
        kinds = op.operands
        if not kinds:
            return ()
        if len(kinds) == 1:
            self.mandatory = 0
            return (kinds[0].parse(self),)
        self.mandatory = sum(map(_is_number, kinds))
        values: list[Any] = [None] * len(kinds)
        for at in op.text_order:
            values[at] = kinds[at].parse(self)
        return tuple(values)

    def _struct_operands(self, op: Op) -> tuple[Any, ...]:
        values = []
        for kind in op.operands:
            values.append(kind.parse(self))
            self.struct = values[0] if kind.space is Space.TYPE else self.struct
        return tuple(values)

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _open_block(self, op: Op, token: int) -> Label:
        """Label and block type of an opening instruction; it is put out and its label becomes the innermost."""
        label, operands = self._block_head(op)
        self._push_label(label, op, operands, token)
        return label

    def _block_head(self, op: Op) -> tuple[Label, tuple[Any, ...]]:
        label = Label(self.identifier(), self.annotations.name(self.at, "label"), op.name)
        return label, tuple(kind.parse(self) for kind in op.operands)

    def _push_label(self, label: Label, op: Op, operands: tuple[Any, ...], token: int) -> None:
        called = label.name if label.shown is None else label.shown
        if called is not None:
            self.scope.label_names.append((self.scope.blocks, called))
        self.scope.blocks += 1
        self._emit(op, operands, token)
        self.scope.open(label)

    def _close_block(self, token: int) -> None:
        self._repeated_label("end")
        if len(self.scope.labels) == 1:
            self.fail("unexpected token 'end'; expected an instruction, no block is open", token)
        self._emit(_END, (), token)
        self._pop_label()

    def _pop_label(self) -> None:
        if len(self.scope.labels) > 1:
            self.scope.close()

    def _repeated_label(self, word: str) -> None:
        """The label that may be repeated behind ``else`` and ``end``."""
        if self.kinds[self.at] != ID:
            return
        name = self.identifier()
        own = self.scope.labels[-1].name
        if name != own:
            known = "the block has no label" if own is None else f"the block is '${own}'"
            self.problems.append(self.problem(f"mismatching label '${name}' behind '{word}'; {known}", self.at - 1))

    def _outer_label(self) -> int:
        """The label of ``delegate``: the block that it closes does not count."""
        own = self.scope.close()
        try:
            return self.index(Space.LABEL)
        finally:
            self.scope.open(own)

    # --- folded -----------------------------------------------------------------------------------------------------

    def _fold(self, folds: list[_Fold]) -> None:
        start = self.at
        closing = self.tokens.partner[start]
        if self.kinds[start + 1] != KEYWORD:
            self.at = start + 1
            folds.append(_Fold(closing, _nothing))
            self.unexpected("an instruction")
        word = self.texts[start + 1]
        parent = folds[-1] if folds else None
        if parent is not None and parent.finish == self._finish_if:
            self._if_part(parent, folds, word, closing)
        elif parent is not None and parent.finish == self._finish_try:
            self._try_part(parent, folds, word, closing)
        else:
            self._fold_instr(folds, word, closing)

    def _fold_instr(self, folds: list[_Fold], word: str, closing: int) -> None:
        token = self.at + 1
        fold = _Fold(closing, self._put_fold, token=token)
        folds.append(fold)  # first, so that a mistake in the head passes over all of it
        self.at = token
        if word in ("then", "else", "do", "catch", "catch_all", "end", "delegate"):
            self.unexpected("an instruction")
        if word not in _OPENERS:
            fold.op, fold.operands = self._plain()
            fold.operands_only = True
            return
        self.at += 1
        op = BY_NAME[word]
        if op is _IF:
            fold.label, fold.operands = self._block_head(op)
            fold.op, fold.finish, fold.operands_only = op, self._finish_if, True
        elif op is _TRY:
            fold.label = self._open_block(op, token)
            fold.finish, fold.operands_only = self._finish_try, True
        else:
            fold.label = self._open_block(op, token)
            fold.finish = self._finish_block

    def _put_fold(self, fold: _Fold) -> None:
        if fold.op is not None:
            self._emit(fold.op, fold.operands, fold.token)

    def _finish_block(self, fold: _Fold) -> None:
        while self.scope.labels[-1] is not fold.label and len(self.scope.labels) > 1:
            self.problems.append(self.problem("unexpected token ')'; expected 'end'", fold.closing))
            self.scope.close()
        self._emit(_END, (), fold.closing)
        self._pop_label()

    def _if_part(self, parent: _Fold, folds: list[_Fold], word: str, closing: int) -> None:
        """A condition, ``(then ...)`` or ``(else ...)`` of a folded ``if``."""
        if word == "then" and parent.part == 0:
            parent.part = 1
            if parent.label is not None and parent.op is not None:
                self._push_label(parent.label, parent.op, parent.operands, parent.token)
            self.at += 2
            folds.append(_Fold(closing, _nothing))
        elif word == "else" and parent.part == 1:
            parent.part = 2
            self._emit(_ELSE, (), self.at + 1)
            self.at += 2
            folds.append(_Fold(closing, _nothing))
        elif parent.part == 0:
            self._fold_instr(folds, word, closing)
        else:
            self.unexpected_word("'(else' or ')'" if parent.part == 1 else "')'")

    def _finish_if(self, fold: _Fold) -> None:
        if fold.part == 0:
            self.fail("unexpected token ')'; expected '(then'", fold.closing)
        self._finish_block(fold)

    def _try_part(self, parent: _Fold, folds: list[_Fold], word: str, closing: int) -> None:
        """``(do ...)``, ``(catch x ...)``, ``(catch_all ...)`` or ``(delegate x)`` of a folded legacy ``try``."""
        token = self.at + 1
        if word == "do" and parent.part == 0:
            parent.part = 1
            self.at += 2
            folds.append(_Fold(closing, _nothing))
        elif word in _CLAUSES and parent.part in (1, 2) and not (word == "delegate" and parent.part == 2):
            parent.part = {"catch": 2, "catch_all": 3, "delegate": 4}[word]
            self.at = token
            op, operands = self._plain()
            self._emit(op, operands, token)
            folds.append(_Fold(closing, _nothing))
        else:
            self.unexpected_word("'(do'" if parent.part == 0 else "'(catch' or ')'")

    def _finish_try(self, fold: _Fold) -> None:
        if fold.part == 4:
            self._pop_label()
            return
        if fold.part == 0:
            self.fail("unexpected token ')'; expected '(do'", fold.closing)
        self._finish_block(fold)


def _is_number(kind: OperandKind) -> bool:
    """Whether an operand is always written as one index or number: what an index that may be left out is told from."""
    return kind.shape in (Shape.U32, Shape.BYTE) and not kind.optional and kind is not TYPE_USE


def _nothing(_fold: _Fold) -> None:
    """A parenthesis that only holds instructions."""

