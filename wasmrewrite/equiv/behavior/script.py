"""Scripts: what was called, on what, with which answers, as data that says everything a replay needs. JSON both ways.

64-bit integers and float bits are strings, as everywhere in JSON output. Not here: running a script (``script_runs``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ...contract import Contract, contract_from_json, contract_to_json
from ...errors import ConfigError
from ...renamed import schema_problem
from ..hosts.acts import Act
from .values import Draw, Value, parse_value

SCHEMA: Final = "wasmrewrite.reproducer/2"


@dataclass(frozen=True, slots=True)
class Call:
    """Call input function ``old`` on one side, output function ``new`` on the other; ``name`` is for people.

    ``by_value`` names the export whose by-value claim holds between the two (output name), or is None.
    """

    name: str
    old: int
    new: int
    args: tuple[Value, ...]
    by_value: str | None = None

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        args = [arg.bits_text() for arg in self.args]
        data: dict[str, Any] = {"name": self.name, "old": self.old, "new": self.new, "args": args}
        return data if self.by_value is None else {**data, "by_value": self.by_value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        args = tuple(parse_value(arg) for arg in data["args"])
        return cls(str(data["name"]), int(data["old"]), int(data["new"]), args, data.get("by_value"))


@dataclass(frozen=True, slots=True)
class Script:
    """A sequence of calls on one fresh instance per side.

    ``seed`` feeds the host's answers and imported state. ``fill``: memory that is zero after instantiation is filled
    with seeded bytes, so that a read from a wrong place reads something else. ``fuel`` is per call, in instructions.
    ``stack_pointer`` is an input global, None if there is none. ``constants`` and ``places`` are numbers and addresses
    that answers of the host are made of, besides random ones. ``engine`` names the one that shows the difference, None
    for our own. ``acts`` is what the host does besides answering, None if that follows from the seed.
    ``roomy``: imported memories and tables are larger than their minimum.
    """

    seed: str
    calls: tuple[Call, ...] = ()
    fill: bool = False
    fuel: int = 1_000_000
    stack_pointer: int | None = None
    contract: Contract | None = None
    constants: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    engine: str | None = None
    acts: tuple[Act, ...] | None = ()
    roomy: bool = False

    def draw(self, purpose: str) -> Draw:
        """A stream of values for some purpose, which depends on the script only."""
        return Draw(f"{self.seed}/{purpose}", self.constants, self.places)

    def with_calls(self, calls: tuple[Call, ...]) -> Script:
        """The same on other calls."""
        return replace(self, calls=calls)

    def quiet(self) -> Script:
        """Return the same before a host that only answers."""
        return replace(self, acts=(), roomy=False)

    def keeping(self, kept: Sequence[int]) -> Script:
        """Return the same with some of the calls only, and what the host does in those."""
        calls = tuple(self.calls[number] for number in kept)
        acts = self.acts
        if acts is not None:
            acts = tuple(act.moved(kept.index(act.call)) for act in acts if act.call in kept)
        return replace(self, calls=calls, acts=acts)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "schema": SCHEMA,
            "seed": self.seed,
            "fill": self.fill,
            "fuel": str(self.fuel),
            "stack_pointer": self.stack_pointer,
            "calls": [call.to_json() for call in self.calls],
            "contract": None if self.contract is None else contract_to_json(self.contract),
            "constants": [str(each) for each in self.constants],
            "places": [str(each) for each in self.places],
            "engine": self.engine,
            "acts": None if self.acts is None else [act.to_json() for act in self.acts],
            "roomy": self.roomy,
        }

    def dumps(self) -> str:
        """JSON text."""
        return json.dumps(self.to_json(), indent=2)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``. Raises ``ConfigError``."""
        if data.get("schema") != SCHEMA:
            raise ConfigError(f"not a reproducer: {schema_problem(data.get('schema'), SCHEMA)}")
        try:
            contract = data["contract"]
            return cls(
                str(data["seed"]),
                tuple(Call.from_json(call) for call in data["calls"]),
                bool(data["fill"]),
                int(data["fuel"]),
                None if data["stack_pointer"] is None else int(data["stack_pointer"]),
                None if contract is None else contract_from_json(contract),
                tuple(map(int, data["constants"])),
                tuple(map(int, data["places"])),
                None if data.get("engine") is None else str(data["engine"]),
                _acts(data.get("acts", ())),
                bool(data.get("roomy", False)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(f"not a reproducer: {error!r}") from None

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read JSON text. Raises ``ConfigError``."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"not a reproducer: {error}") from None
        if not isinstance(data, dict):
            raise ConfigError("not a reproducer: expected an object")
        return cls.from_json(data)


def _acts(data: Iterable[Mapping[str, Any]] | None) -> tuple[Act, ...] | None:
    return None if data is None else tuple(map(Act.from_json, data))
