"""What a rewrite claims to have done: plain data that the judge can hold it to. Not here: JSON (``json_form``).

Function indices are those of the *input* where a claim speaks of something the input has (``old``), and those of the
output where it speaks of something new (``new``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .interface import DeclaredType

Kind: TypeAlias = Literal["export", "import"]


@dataclass(frozen=True, slots=True)
class Run:
    """``count`` consecutive items: input index ``old`` + i became output index ``new`` + i."""

    old: int
    new: int
    count: int


@dataclass(frozen=True, slots=True)
class IndexMap:
    """Which item became which, for one index space ("function", "type", ...), as ascending runs.

    An input index outside all runs was removed; an output index outside all runs was added.
    """

    space: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirected:
    """Every use of input item ``old`` in old bodies, segments and expressions now names output item ``new``."""

    space: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class InstantiationCalls:
    """Instantiating the output also calls input function ``old`` with ``args``, after any start function of the input.

    ``args`` are typed values in text, such as ``i32:5``; results are dropped.
    """

    old: int
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstantiationNoLongerCalls:
    """The input's start function ``old`` is not called by the output's instantiation."""

    old: int


@dataclass(frozen=True, slots=True)
class ReturnsByValue:
    """A function that wrote its result through a pointer now returns it.

    For an export, ``name`` is the input's export and ``new_name`` the output's. For an import, ``module`` and ``name``
    say which, ``old`` its input function index and ``new`` its output function index. ``result`` is what the user
    declared; ``pointer`` is the parameter position, ``memory`` the input memory index it points into.
    """

    kind: Kind
    name: str
    result: DeclaredType
    module: str | None = None
    new_name: str | None = None
    old: int | None = None
    new: int | None = None
    pointer: int = 0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Renamed:
    """An import or export has another name; ``module`` and ``new_module`` are None for exports."""

    kind: Kind
    name: str
    new_name: str
    module: str | None = None
    new_module: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The output has an export (or import) that the input has not.

    ``same_as`` is the input export that an export aliases. ``type`` is what an import asks for, as text: a kind and a
    type, such as ``function [i32] -> [i64]``.
    """

    kind: Kind
    name: str
    module: str | None = None
    same_as: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """The input has an export (or import, or custom section) that the output has not."""

    kind: Literal["export", "import", "custom"]
    name: str
    module: str | None = None


@dataclass(frozen=True, slots=True)
class CustomChanged:
    """A custom section's contents were changed on purpose, for ``reason``."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NameChanged:
    """The name section calls input item ``old`` of index space ``space`` by another ``name``, None for by none.

    With "local", "label" (of function ``old``) or "field" (of type ``old``) for ``space``: the names within it changed.
    """

    space: str
    old: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class BehaviourChanged:
    """Input function ``old`` behaves differently on purpose, for ``reason``; it is not compared."""

    old: int
    reason: str


Claim: TypeAlias = (
    InstantiationCalls
    | InstantiationNoLongerCalls
    | ReturnsByValue
    | Renamed
    | Added
    | Removed
    | CustomChanged
    | NameChanged
    | BehaviourChanged
)


@dataclass(frozen=True, slots=True)
class Contract:
    """All claims of one rewrite. Without maps everything keeps its index, without claims everything stays the same."""

    maps: tuple[IndexMap, ...] = ()
    redirected: tuple[Redirected, ...] = ()
    claims: tuple[Claim, ...] = ()
    stack_pointer: int | None = None
    """Input global index of the stack pointer as the *user* gave it; never one a pass found."""
