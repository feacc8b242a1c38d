"""Every error this package raises on purpose, and how one is shown to a person.

Not here: the wording of single conditions (``messages``, and ``runtime.traps`` for those at run time).

::

    WasmError
    ├── MalformedError      bytes (or text) that are no WebAssembly: a decoder or parser refuses them
    │   └── UnsupportedError    ... to this version: they are what a proposal in progress adds
    ├── InvalidError        well-formed, but validation refuses it
    ├── LinkError           imports cannot be satisfied at instantiation
    ├── Trap                execution stopped as the specification says
    │   └── Exhaustion      ... because a resource (stack, fuel) ran out: what follows is unknown
    ├── LimitError          an implementation limit of ours refuses the input
    ├── RewriteError        an edit or a pass cannot do what was asked
    │   └── OutputError     ... because what a pass made is not valid: a mistake in the pass
    ├── ConfigError         configuration, interface file or command line is wrong
    └── InternalError       our own mistake
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

_HEX_BEFORE = 4
_HEX_TOTAL = 16


@dataclass(frozen=True, slots=True)
class Position:
    """A place: ``offset`` in bytes from the start of the file, or None; ``path`` from the outside in, as "func[3]".

    ``function``: the index of the function whose code it is in, where that is known.
    """

    offset: int | None = None
    path: tuple[str, ...] = ()
    function: int | None = None

    def __str__(self) -> str:
        where = ": ".join(self.path)
        if self.offset is None:
            return where
        return f"{where} (at 0x{self.offset:x})" if where else f"at 0x{self.offset:x}"


class Frame(NamedTuple):
    """An open call: index and name of its function, and the offset of the instruction it is at, where that is known."""

    func: int
    name: str | None
    offset: int | None


@dataclass(frozen=True, slots=True)
class Condition:
    """What is wrong, as data: the message is made of it (``messages``), and whoever explains it need not read that.

    ``code`` names the condition and never changes. ``wanted`` and ``found``: the types that had to be there and those
    that are, as the specification writes them, in tuples where they are operands; of very many only the last ones.
    ``facts``: whatever else the message says, by name.
    """

    code: str
    wanted: tuple[str, ...] | str | None = None
    found: tuple[str, ...] | str | None = None
    facts: Mapping[str, int | str] = field(default_factory=dict)


class WasmError(Exception):
    """Base of all errors raised on purpose. ``message`` is the bare wording, ``position`` says where.

    ``condition`` is what the message was made of; None where there are only words.
    """

    kind = "error"

    def __init__(self, message: str, position: Position | None = None, condition: Condition | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position or Position()
        self.condition = condition

    def within(self, *path: str, function: int | None = None) -> WasmError:
        """Put ``path`` in front of the place, and return self: callers add what only they know.

        ``function`` is the index of the function that the place is in.
        """
        inner = self.position
        function = inner.function if function is None else function
        self.position = replace(inner, path=(*path, *inner.path), function=function)
        return self

    def __str__(self) -> str:
        parts = [self.kind, *self.position.path, self.message]
        text = ": ".join(parts)
        return text if self.position.offset is None else f"{text} (at 0x{self.position.offset:x})"


class MalformedError(WasmError):
    """The bytes or the text violate the format (specification, chapters 5 and 6)."""

    kind = "malformed"


class UnsupportedError(MalformedError):
    """The bytes are what a proposal in progress adds, which this version does not know."""

    kind = "unsupported"


class InvalidError(WasmError):
    """The module is well-formed but does not validate (specification, chapter 3)."""

    kind = "invalid"


class LinkError(WasmError):
    """An import is unknown or of an incompatible type (specification 4.5.4, Instantiation)."""

    kind = "unlinkable"


class Trap(WasmError):
    """Execution trapped; ``message`` is the specification's wording for the cause.

    ``frames``: the calls that were open, innermost first, as far as the engine says.
    """

    kind = "trap"
    frames: tuple[Frame, ...] = ()


class Exhaustion(Trap):
    """A resource of ours (call depth, fuel, memory) ran out; the program itself did nothing wrong."""

    kind = "exhaustion"


class LimitError(WasmError):
    """The input exceeds an implementation limit (``limits``)."""

    kind = "limit"


class RewriteError(WasmError):
    """An edit would break the module, or a pass refuses; the input is untouched."""

    kind = "rewrite"


class OutputError(RewriteError):
    """What the passes made of a module is not valid: a mistake in a pass, not in the input."""


class ConfigError(WasmError):
    """Configuration, an interface file or an option is wrong."""

    kind = "configuration"


class InternalError(WasmError):
    """A mistake of ours: please report it."""

    kind = "internal error"


def excerpt(error: WasmError, data: bytes) -> str:
    """Render ``error`` followed by one hex line of ``data`` and a caret under the byte it points at.

    Without an offset, or with one outside ``data``, the plain message comes back alone.
    """
    offset = error.position.offset
    if offset is None or not 0 <= offset <= len(data):
        return str(error)
    start = max(0, offset - _HEX_BEFORE)
    window = data[start : start + _HEX_TOTAL]
    prefix = f"  {start:08x}: "
    line = prefix + window.hex(" ")
    caret = " " * (len(prefix) + 3 * (offset - start)) + "^^"
    return f"{error}\n{line}\n{caret}"
