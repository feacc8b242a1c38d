"""The module that a text is: its fields between the parentheses of ``(module ...)``, and everything wrong with it.

Does not contain: fields (``fields``), bytes (``assemble``).
"""

from __future__ import annotations

from .annotations import KNOWN
from .balance import missing_close
from .cursor import KEYWORD, OPEN
from .draft import Draft
from .fields import Fields
from .lexer import UNCLOSED_STRING, Tokens, tokenize
from .problem import Note, Problem, Syntax, TextError


def tokens_of(text: str | bytes) -> Tokens:
    """The tokens of a text; bytes are UTF-8, with or without a byte order mark."""
    source = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
    return tokenize(source.removeprefix("\ufeff"), KNOWN)


def read(tokens: Tokens) -> Draft:
    """The module that all of the tokens are. Raises ``TextError`` with everything that was found wrong."""
    draft, problems = read_all(tokens)
    if problems:
        raise TextError(tokens, problems)
    return draft


def read_all(tokens: Tokens) -> tuple[Draft, list[Problem]]:
    """What could be read, and everything that was found wrong, in the order of the text."""
    fields = Fields(tokens)
    start, end, name = _extent(fields)
    fields.draft.name = name
    return fields.module(start, end), _all(tokens, fields)


def _extent(fields: Fields) -> tuple[int, int, str | None]:
    """The tokens that are fields, and the name of the module; fields behind its end are read for their own mistakes."""
    last = fields.tokens.end
    if not (fields.kinds[0] == OPEN and fields.kinds[1] == KEYWORD and fields.texts[1] == "module"):
        return 0, last, None
    fields.at = 2
    name = _name(fields)
    closing = fields.tokens.partner[0]
    if closing + 1 < last:
        _report_early_end(fields, closing)
        return fields.at, last, name
    return fields.at, closing, name


def _name(fields: Fields) -> str | None:
    try:
        name = fields.identifier()
    except Syntax as error:
        fields.problems.append(error.problem)
        return None
    shown = fields.annotations.name(fields.at, "module")
    return name if shown is None else shown


def _report_early_end(fields: Fields, closing: int) -> None:
    tokens = fields.tokens
    note = Note("the module is closed here", tokens.starts[closing], tokens.ends[closing])
    fields.report(
        f"unexpected token {fields.shown(closing + 1)}; expected the end of the text", closing + 1, note=note
    )
    fields.ended = closing
    # A ')' too many further down closes nothing only because this one closed the module.
    tokens.faults = [fault for fault in tokens.faults if not fault.message.startswith("unexpected token: ')'")]


def _all(tokens: Tokens, fields: Fields) -> list[Problem]:
    """Faults and problems in the order of the text, without those that follow from a parenthesis left open."""
    found = [Problem(fault.message, fault.start, fault.end) for fault in tokens.faults] + fields.problems
    left_open = missing_close(tokens)
    if left_open is not None and not any(fault.message.startswith("unclosed") for fault in tokens.faults):
        first = tokens.starts[left_open.opener]
        found = [problem for problem in found if problem.start < first] + [left_open.problem]
    found = _behind_a_lost_string(found)
    once = {(problem.start, problem.message): problem for problem in found}
    return sorted(once.values(), key=lambda problem: problem.start)


def _behind_a_lost_string(found: list[Problem]) -> list[Problem]:
    """Without what follows a string that does not end: it took the rest of its line, parentheses included."""
    lost = min((problem.start for problem in found if problem.message == UNCLOSED_STRING), default=None)
    return found if lost is None else [problem for problem in found if problem.start <= lost]
