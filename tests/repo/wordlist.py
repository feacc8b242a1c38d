"""Phrases that read as translated, each with what to write instead. Not here: looking for them (``test_wordlist``).

Scopes: ``message`` is a string that is not documentation, ``page`` is prose in Markdown, ``docstring`` is a docstring.
A phrase with a technical meaning of its own is no entry: what is listed has a better word wherever it occurs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

EVERYWHERE: Final = frozenset(("message", "page", "docstring"))
PRINTED: Final = frozenset(("message", "page"))
MESSAGES: Final = frozenset(("message",))
DOCSTRINGS: Final = frozenset(("docstring",))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to avoid: what finds it, what to write instead, and where it is looked for."""

    name: str
    pattern: re.Pattern[str]
    instead: str
    scopes: frozenset[str]


def _phrase(name: str, pattern: str, instead: str, scopes: frozenset[str] = EVERYWHERE) -> Phrase:
    return Phrase(name, re.compile(pattern, re.MULTILINE), instead, scopes)


PHRASES: Final = (
    # Negation by "no" and a noun.
    _phrase(
        "is no",
        r"\b(?:is|are|was|be|were) no\b(?! (?:longer|more than|less than|greater than|way|such|need))",
        "is not a",
    ),
    _phrase("holds no", r"\b(?:holds?|lists?|names?) no\b", "does not contain", PRINTED),
    # People, and what things say.
    _phrase("nobody", r"\b(?:nobody|somebody|no one|someone)\b", "the passive, or the name of the actor"),
    _phrase("tell", r"\b(?:tells?|told|telling)\b(?! (?:apart|them apart))", "report, show, describe"),
    _phrase("cannot tell", r"\b(?:cannot|does not|do not|could not) tell\b", "cannot determine"),
    _phrase("speaks of", r"\b(?:speaks?|tells?|knows?) of\b", "refers to, mentions"),
    _phrase("says so", r"\bsays? (?:more|so)\b|\bis said to\b|\bthat one says\b", "reports it; is claimed to"),
    _phrase("of ours", r"\b(?:of ours|the own|our own|by ours)\b", "wasmrewrite's, the built-in"),
    # Everyday words where the field has a term.
    _phrase("mend", r"\bmend(?:s|ed|ing|able)?\b", "fix"),
    _phrase("spoil", r"\bspoil(?:s|t|ed|ing)?\b", "corrupt"),
    _phrase(
        "stand-in",
        r"\bstand-?ins?\b|\bstand(?:s|ing)? in for\b|\bstands? for (?:it|others|another|the host)\b",
        "stub, mock, replacement",
    ),
    _phrase("play", r"\bplay(?:s|ed|ing)?\b", "run, replay"),
    _phrase("remark", r"\bremark(?:s|able)?\b", "finding, note; notable", PRINTED),
    _phrase("leftover", r"\bleftovers?\b", "build artifact", PRINTED),
    _phrase("world", r"\b(?:small|deterministic) world\b|\ba world\b|\bthe world\b", "environment, sandbox", PRINTED),
    _phrase("border", r"\bborder\b", "boundary"),
    _phrase("gravest", r"\b(?:gravest|mildest|plainest)\b", "most severe, least severe; simplest"),
    _phrase(
        "way",
        r"\b(?:the way there|gets there|no way leads|shortest ways?|a way to|ways to|ways from)\b",
        "call path",
        PRINTED,
    ),
    _phrase("mistake of", r"\bmistakes? of\b", "bug in"),
    # Idiom.
    _phrase("anew", r"\banew\b", "again, from scratch"),
    _phrase("unlike", r"\bunlike\b(?! (?:a|an|the|other|that|in)\b)", "different, conflicting"),
    _phrase("beside", r"\bbeside\b", "next to, compared with", PRINTED),
    _phrase("stands", r"\bstands? (?:behind|there|in (?:a|another|the)|beside|above|at)\b|\bcan also stand\b", "is in"),
    _phrase("lies", r"\blies? (?:in|at|below|where|beyond|outside|inside)\b|\bwould lie\b", "is in; would be wrong"),
    _phrase("look at", r"\b(?:looked|looks?|looking) (?:at|into)\b", "inspect, check, read", PRINTED),
    _phrase(
        "other code",
        r"\b(?:has|have|of) other (?:code|contents?|names?|types?|results|locals)\b|\bis another(?: one)?$"
        r"|\bhas another\b",
        "differs, changed",
        MESSAGES,
    ),
    _phrase(
        "of another",
        r"\b(?:names|stands in|of|in) another (?:func|function|table|memory|global|tag|type|place|order)\b",
        "a different",
        MESSAGES,
    ),
    _phrase(
        "so many", r"\b(?:so many|so much|so often|such a one|and the like|does the like)\b", "the number", PRINTED
    ),
    _phrase("take away", r"\btook away\b|\btake (?:\w+ ){1,4}away\b|\btaken away\b", "remove"),
    _phrase("left alone", r"\bleft (?:[\w{}'!. ]+ )alone\b|\bleave (?:\w+ )?alone\b", "skipped, not changed", PRINTED),
    _phrase("left out", r"\b(?:left|leave|leaves|leaving) out\b", "removed, skipped, omitted", PRINTED),
    _phrase(
        "made by",
        r"\bmade by\b|\bwho made\b|\bdoes not say who\b|\bmake (?:other )?\w+ up\b|\bmakes? up\b",
        "produced by, generated",
        PRINTED,
    ),
    _phrase("now", r"\b(?:is|are) (?:\{[^}]*\}|[\[\w][^.;]{0,40}) now(?: \(|$)", "is now ...", MESSAGES),
    _phrase("as it was", r"\bas (?:it|they) (?:was|were)(?: kept)?\b", "unchanged", PRINTED),
    _phrase("texts", r"\b(?:a list of texts|has to be text|is text, such)\b", "list of strings", MESSAGES),
    _phrase("has to be", r"\b(?:has|have) to be\b", "must be", MESSAGES),
    _phrase(
        "genitive without noun",
        r"\b(?:linker|host|LLVM|compiler|user|runtime)'s(?=[ ,;:.)]*(?:that|$|,|;|:|\.))",
        "the noun phrase",
    ),
    # Shape of help and docstrings.
    _phrase("what clause", r"\A(?:What|Where|Whether|Who|How|Which)\b[^?]*\.\Z", "a noun or a verb first", MESSAGES),
    _phrase("of the report", r"\AOf the \w+\.\Z", "output format", MESSAGES),
    _phrase("whether", r"\AWhether\b", "return whether; true if", DOCSTRINGS),
    # Spelling.
    _phrase(
        "British spelling",
        r"(?i)\b\w*(?:behaviour|initialis|optimis|recognis|neighbour|licence|normalis|summaris|minimis|catalogue|misspelt"
        r"|colour|serialis|specialis)\w*\b",
        "American spelling",
    ),
)
