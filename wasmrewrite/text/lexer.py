"""Text to tokens (specification 6.3): one compiled pattern, positions as offsets, parentheses already paired.

Comments and white space are dropped, and so are annotations: those that have a meaning are put aside, each with the
place it stands at. Does not contain: what tokens mean (``literals`` for numbers and strings, ``fields`` and ``body``
for everything else).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import Final

from . import literals
from .literals import LiteralError

_ID: Final = r"[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]"
_STRING: Final = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"'
_NEXT: Final = re.compile(
    rf"""(?:[ \t\r\n]+|;;[^\r\n]*)*
    (?:(?P<open>\((?![;@]))
     | (?P<close>\))
     | (?P<word>(?:{_ID}|{_STRING}|[,\[\]{{}}]|;(?!;))+)
     | (?P<block>\(;)
     | (?P<annotation>\(@(?P<name>{_ID}+|{_STRING})?)
    )?""",
    re.VERBOSE,
)
_BLOCK_EDGE: Final = re.compile(r"\(;|;\)")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_NUMBER: Final = re.compile(
    r"[+-]?(?:0x[0-9a-fA-F](?:_?[0-9a-fA-F])*(?:\.(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)?(?:[pP][+-]?[0-9](?:_?[0-9])*)?"
    r"|[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?"
    r"|inf|nan(?::(?:0x[0-9a-fA-F](?:_?[0-9a-fA-F])*|canonical|arithmetic))?)"
)
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")
"""Bytes that are not UTF-8, as ``surrogateescape`` leaves them in a string."""
_WHOLE_STRING: Final = re.compile(_STRING)
_PADDING: Final = 8
UNCLOSED_STRING: Final = "unclosed string"


class Token(IntEnum):
    """What a token is, told by its first characters."""

    OPEN = 0
    CLOSE = 1
    KEYWORD = 2
    ID = 3
    STRING = 4
    NUMBER = 5
    RESERVED = 6
    END = 7


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not a token. ``start`` to ``end``: where, in characters."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """``(@name ...)``: the tokens between name and closing parenthesis, and the index of the token it stands before.

    ``start`` to ``end``: where ``(@name`` is, in characters.
    """

    name: str
    before: int
    start: int
    end: int
    tokens: Tokens


@dataclass(slots=True)
class Tokens:
    """The tokens of a text. ``end``: the index of the ``END``; more of those follow, so that one can look ahead.

    ``kinds``, ``starts``, ``ends``, ``texts`` run in parallel; starts and ends are in characters. ``partner`` is the
    index of the matching parenthesis, of an opening one without a partner that of the ``END``.
    """

    source: str
    kinds: list[Token] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    end: int = 0
    _lines: list[int] | None = None

    def place(self, start: int) -> tuple[int, int]:
        """Line and column of a character, from 1; a carriage return ends a line, alone or before a line feed."""
        lines = self._line_starts()
        line = bisect_right(lines, start)
        return line, start - lines[line - 1] + 1

    def line(self, number: int) -> str:
        """A line's text, from 1, without its end."""
        lines = self._line_starts()
        end = lines[number] if number < len(lines) else len(self.source)
        return self.source[lines[number - 1] : end].rstrip("\r\n")

    def _line_starts(self) -> list[int]:
        if self._lines is None:
            self._lines = [0, *(found.end() for found in _LINE_END.finditer(self.source))]
        return self._lines


def tokenize(source: str, annotations: Collection[str] = ()) -> Tokens:
    """Split ``source``. Annotations with names other than ``annotations`` are skipped whole.

    Never raises for what is wrong: ``faults`` lists it, in order, and what follows is read as far as possible.
    """
    return _Lexer(source, frozenset(annotations)).run()


class _Lexer:
    def __init__(self, source: str, annotations: frozenset[str]) -> None:
        self.source = source
        self.annotations = annotations
        self.tokens = Tokens(source)
        self.target = self.tokens  # what tokens are put into: those of the text, or of an annotation
        self.open: list[int] = []
        self.annotated: tuple[int, int] | None = None  # the depth and start of the outermost annotation that is open
        self.skipped_from: int | None = None  # the depth of an annotation that is skipped

    def run(self) -> Tokens:
        at, end = 0, len(self.source)
        match = _NEXT.match
        while at <= end:
            found = match(self.source, at)
            if found is None:  # the pattern matches nothing at all, too
                break
            group = found.lastgroup if found.lastgroup != "name" else "annotation"
            if group is None:
                at = self._stuck(found.end())
                if at > end:
                    break
                continue
            at = found.end(group)
            if group == "block":
                at = self._after_comment(found.start(group))
            elif group == "annotation":
                self._annotation(found.start(group), at, found["name"])
            else:
                self._put(group, found.start(group), at)
        return self._finished()

    def _put(self, group: str, start: int, end: int) -> None:
        tokens = self.target
        if group == "open":
            self._open(start, end)
        elif group == "close":
            self._close(start, end)
        elif self.skipped_from is None:
            text = self.source[start:end]
            tokens.kinds.append(_kind(text))
            tokens.starts.append(start)
            tokens.ends.append(end)
            tokens.texts.append(text)

    def _open(self, start: int, end: int) -> None:
        self.open.append(len(self.target.kinds))
        if self.skipped_from is None:
            self._append(Token.OPEN, start, end, "(")

    def _close(self, start: int, end: int) -> None:
        if not self.open:
            self.tokens.faults.append(Fault("unexpected token: ')' without '('", start, end))
            return
        opened = self.open.pop()
        if self.annotated is not None and self._closes_annotation(start):
            return
        partner = self.target.partner
        partner[opened] = len(self.target.kinds)
        partner[len(self.target.kinds)] = opened
        self._append(Token.CLOSE, start, end, ")")

    def _closes_annotation(self, start: int) -> bool:
        """True if a parenthesis that was just closed is not a token: an annotation, or inside a skipped one."""
        depth = len(self.open)
        skipped = self.skipped_from is not None
        if depth == self.skipped_from:
            self.skipped_from = None
        if self.annotated is None or depth > self.annotated[0]:
            return skipped
        if self.target is not self.tokens:
            self._append_end(start)
        self.target = self.tokens
        self.annotated = None
        return True

    def _append(self, kind: Token, start: int, end: int, text: str) -> None:
        target = self.target
        target.kinds.append(kind)
        target.starts.append(start)
        target.ends.append(end)
        target.texts.append(text)

    def _append_end(self, place: int) -> None:
        self.target.end = len(self.target.kinds)
        for _ in range(_PADDING):
            self._append(Token.END, place, place, "")

    def _annotation(self, start: int, end: int, written: str | None) -> None:
        """``(@name``: inside another one it is only skipped."""
        depth = len(self.open)
        self.open.append(-1)
        if self.annotated is not None:
            self.skipped_from = depth if self.skipped_from is None else self.skipped_from
            return
        self.annotated = (depth, start)
        name = self._annotation_name(start, end, written)
        if name not in self.annotations:
            self.skipped_from = depth
            return
        self.target = Tokens(self.source)
        self.tokens.annotations.append(Annotation(name, len(self.tokens.kinds), start, end, self.target))

    def _annotation_name(self, start: int, end: int, written: str | None) -> str:
        try:
            name = literals.name(written) if written and written[0] == '"' else written or ""
        except LiteralError as error:
            self.tokens.faults.append(Fault(str(error), start, end))
            return "?"
        if not name:
            self.tokens.faults.append(Fault("empty annotation id", start, end))
        return name

    def _after_comment(self, start: int) -> int:
        """Behind the block comment that starts there; comments nest."""
        depth, at = 1, start + 2
        while depth:
            edge = _BLOCK_EDGE.search(self.source, at)
            if edge is None:
                self.tokens.faults.append(Fault("unclosed comment", start, start + 2))
                return len(self.source)
            depth += 1 if edge[0] == "(;" else -1
            at = edge.end()
        return at

    def _stuck(self, at: int) -> int:
        """Say what stands where no token can start; where to go on."""
        if at >= len(self.source):
            return at + 1
        char = self.source[at]
        if char == '"':
            return self._bad_string(at)
        if not _NOT_UTF8.match(char):
            self.tokens.faults.append(Fault(f"illegal character {char!r}", at, at + 1))
        return at + 1

    def _bad_string(self, at: int) -> int:
        """A string that does not end on its line, or that holds a control character."""
        end = at + 1
        while end < len(self.source) and self.source[end] not in '"\n\r':
            end += 2 if self.source[end] == "\\" else 1
        if end < len(self.source) and self.source[end] == '"':
            bad = next(i for i in range(at + 1, end) if self.source[i] < " " or self.source[i] == "\x7f")
            self.tokens.faults.append(Fault("illegal character in a string; write it as an escape", bad, bad + 1))
            return end + 1
        end = min(end, len(self.source))
        self.tokens.faults.append(Fault(UNCLOSED_STRING, at, end))
        return end

    def _finished(self) -> Tokens:
        tokens = self.tokens
        tokens.faults += [
            Fault(f"malformed UTF-8 encoding: byte 0x{ord(found[0]) - 0xDC00:02x}", found.start(), found.end())
            for found in islice(_NOT_UTF8.finditer(self.source), 1)
        ]
        last = len(tokens.kinds)
        if self.annotated is not None:
            self._unclosed_annotation(*self.annotated)
        for opened in self.open:
            tokens.partner[opened] = last
        self._append_end(len(self.source))
        tokens.faults.sort(key=lambda fault: fault.start)
        return tokens


    def _unclosed_annotation(self, depth: int, start: int) -> None:
        if not any(fault.message == UNCLOSED_STRING for fault in self.tokens.faults):  # that swallowed the end
            self.tokens.faults.append(Fault("unclosed annotation", start, start + 2))
        if self.target is not self.tokens:
            self._append_end(len(self.source))
            for opened in self.open[depth + 1 :]:
                self.target.partner[opened] = self.target.end
        self.target = self.tokens
        self.open = self.open[:depth]


def _kind(text: str) -> Token:
    first = text[0]
    if first == '"':
        return Token.STRING if _WHOLE_STRING.fullmatch(text) else Token.RESERVED
    if first == "$":
        return _id_kind(text)
    if "0" <= first <= "9" or first in "+-" or text == "inf" or text.startswith("nan"):
        return Token.NUMBER if _NUMBER.fullmatch(text) else Token.RESERVED
    if "a" <= first <= "z":
        return Token.KEYWORD if '"' not in text and not set(text) & _BRACKETS else Token.RESERVED
    return Token.RESERVED


_BRACKETS: Final = frozenset(",;[]{}")


def _id_kind(text: str) -> Token:
    if text[1:2] == '"':
        return Token.ID if _WHOLE_STRING.fullmatch(text, 1) else Token.RESERVED
    return Token.ID if '"' not in text and not set(text) & _BRACKETS else Token.RESERVED


def unclosed(tokens: Tokens) -> Sequence[int]:
    """The opening parentheses that nothing closes, outermost first."""
    last = tokens.end
    return [opened for opened, partner in tokens.partner.items() if partner == last and opened != last]
