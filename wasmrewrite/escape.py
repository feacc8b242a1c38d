"""Text nobody vouches for, made harmless: one function per output format.

Names come from modules, and a module may be made by an enemy: a name can hold terminal commands, characters that turn
the direction of reading around, invisible ones, line breaks. ``as_json`` escapes everything outside ASCII.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_ROW: Final = json.JSONEncoder(ensure_ascii=True).encode
_PLACEHOLDER: Final = re.compile(r"\{\d+\}")


def for_terminal(text: str) -> str:
    r"""``text`` on one line, with everything that does not print as itself written as ``\u{...}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)


def quoted(text: str) -> str:
    """``text`` in quotation marks, harmless; for names, which may be empty or hold spaces."""
    return '"' + for_terminal(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def for_dot(text: str) -> str:
    """``text`` as a quoted string of the DOT language, in which backslashes mean something, too."""
    return '"' + for_terminal(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_json_row(data: Any) -> str:
    """JSON text in ASCII, all on one line, without a line break."""
    return _ROW(data)


def as_json_rows(data: dict[str, Any]) -> str:
    """As ``as_json``, for much data: a line for each member, and for each object in those that are iterators.

    Of an iterator no more than one object is there at a time; what it gives as text is a row already.
    """
    members = []
    for name, value in data.items():
        if isinstance(value, Iterator):
            rows = ",\n    ".join(each if isinstance(each, str) else _ROW(each) for each in value)
            text = f"[\n    {rows}\n  ]" if rows else "[]"
        else:
            text = _ROW(value)
        members.append(f"  {_ROW(name)}: {text}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def as_json(data: Any) -> str:
    """JSON text in ASCII, one line break at the end."""
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def for_sarif(text: str) -> str:
    """``text`` as the text of a SARIF message: no link, no placeholder can be hidden in it (SARIF 3.11.5, 3.11.6)."""
    text = for_terminal(text)
    if "](" in text:
        text = text.replace("[", "\\[").replace("]", "\\]")
    return text.replace("{", "{{").replace("}", "}}") if _PLACEHOLDER.search(text) else text


def for_annotation(text: str) -> str:
    """``text`` as the message of a workflow command of GitHub: it cannot end the command or start another one."""
    return for_terminal(text).replace("%", "%25")


def for_annotation_property(text: str) -> str:
    """``text`` as the value of a property of a workflow command of GitHub."""
    return for_annotation(text).replace(":", "%3A").replace(",", "%2C")
