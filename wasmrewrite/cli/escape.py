"""Text nobody vouches for, made harmless: one function per output format.

Names come from modules, and a module may be made by an enemy: a name can hold terminal commands, characters that turn
the direction of reading around, invisible ones, line breaks. ``as_json`` escapes everything outside ASCII.
"""

from __future__ import annotations

import json
from typing import Any


def for_terminal(text: str) -> str:
    r"""``text`` on one line, with everything that does not print as itself written as ``\u{...}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)


def quoted(text: str) -> str:
    """``text`` in quotation marks, harmless; for names, which may be empty or hold spaces."""
    return '"' + for_terminal(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def as_json(data: Any) -> str:
    """JSON text in ASCII, one line break at the end."""
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
