"""Contracts as JSON values and back. Reading is strict: whatever is unexpected, missing or of another type is refused.

The form is a plain object with ``schema``; declared types are text, and so are typed values. Not here: what claims mean
(``claims``), files and command lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any, Final

from ..arguments import expect
from ..errors import ConfigError
from ..renamed import schema_problem
from .claims import (
    Added,
    BehaviourChanged,
    Claim,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    NameChanged,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
)
from .interface import Array, Scalar, Struct, parse_type

SCHEMA: Final = "wasmrewrite.contract/1"

_CLAIMS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "instantiation-calls": InstantiationCalls,
        "instantiation-no-longer-calls": InstantiationNoLongerCalls,
        "returns-by-value": ReturnsByValue,
        "renamed": Renamed,
        "added": Added,
        "removed": Removed,
        "custom-changed": CustomChanged,
        "name-changed": NameChanged,
        "behaviour-changed": BehaviourChanged,
    }
)
_WORD_OF: Final = {kind: word for word, kind in _CLAIMS.items()}
_KINDS: Final = ("export", "import")
_KINDS_OF: Final[Mapping[type[Any], tuple[str, ...]]] = MappingProxyType({Removed: (*_KINDS, "custom")})
_MAX_INDEX: Final = 1 << 32


def contract_to_json(contract: Contract) -> dict[str, Any]:
    """The JSON value of a contract: objects, lists, strings and integers only."""
    expect(contract, Contract, "a Contract")
    return {
        "schema": SCHEMA,
        "maps": [
            {"space": each.space, "runs": [[run.old, run.new, run.count] for run in each.runs]}
            for each in contract.maps
        ],
        "redirected": [{"space": each.space, "old": each.old, "new": each.new} for each in contract.redirected],
        "claims": [_claim_to_json(claim) for claim in contract.claims],
        "stack_pointer": contract.stack_pointer,
    }


def contract_from_json(value: object) -> Contract:
    """Read what ``contract_to_json`` gives. Raises ``ConfigError`` with the path to whatever is not as expected."""
    known = {"schema", "maps", "redirected", "claims", "stack_pointer"}
    if isinstance(value, dict) and value.get("schema", SCHEMA) != SCHEMA:  # first: keys differ between schemas
        raise ConfigError(f"contract: {schema_problem(value['schema'], SCHEMA)}")
    found = _object(value, "contract", known, known - {"stack_pointer"})
    return Contract(
        maps=tuple(_map(each, where) for each, where in _items(found, "maps")),
        redirected=tuple(_redirected(each, where) for each, where in _items(found, "redirected")),
        claims=tuple(_claim(each, where) for each, where in _items(found, "claims")),
        stack_pointer=_optional(_index)(found.get("stack_pointer"), "stack_pointer"),
    )


def _claim_to_json(claim: Claim) -> dict[str, Any]:
    """Values that are their default are left out."""
    shown: dict[str, Any] = {"claim": _WORD_OF[type(claim)]}
    for each in fields(claim):
        value = getattr(claim, each.name)
        if each.default is MISSING or value != each.default:
            shown[each.name] = _plain(value)
    return shown


def _plain(value: object) -> object:
    if isinstance(value, Scalar | Array | Struct):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


# --- reading ----------------------------------------------------------------------------------------------------------


def _object(value: object, where: str, known: set[str], needed: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: expected an object, not {_name_of(value)}")
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise ConfigError(f"{where}: unknown key {unknown[0]!r} (known: {', '.join(sorted(known))})")
    missing = sorted(needed - value.keys())
    if missing:
        raise ConfigError(f"{where}: {missing[0]!r} is missing")
    return value


def _name_of(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise ConfigError(f"{where}: expected a list, not {_name_of(value)}")
    return value


def _items(found: Mapping[str, Any], key: str) -> list[tuple[object, str]]:
    return [(each, f"{key}[{at}]") for at, each in enumerate(_list(found[key], key))]


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{where}: expected a string, not {_name_of(value)}")
    return value


def _index(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError(f"{where}: expected an integer, not {_name_of(value)}")
    if not 0 <= value < _MAX_INDEX:
        raise ConfigError(f"{where}: {value} is no index")
    return value


def _optional(read: Callable[[object, str], Any]) -> Callable[[object, str], Any]:
    return lambda value, where: None if value is None else read(value, where)


def _texts(value: object, where: str) -> tuple[str, ...]:
    return tuple(_text(each, f"{where}[{at}]") for at, each in enumerate(_list(value, where)))


def _run(value: object, where: str) -> Run:
    numbers = [_index(each, f"{where}[{at}]") for at, each in enumerate(_list(value, where))]
    if len(numbers) != 3:
        raise ConfigError(f"{where}: expected [old, new, count]")
    return Run(*numbers)


def _map(value: object, where: str) -> IndexMap:
    found = _object(value, where, {"space", "runs"}, {"space", "runs"})
    listed = enumerate(_list(found["runs"], f"{where}.runs"))
    runs = tuple(_run(each, f"{where}.runs[{at}]") for at, each in listed)
    return IndexMap(_text(found["space"], f"{where}.space"), runs)


def _redirected(value: object, where: str) -> Redirected:
    keys = {"space", "old", "new"}
    found = _object(value, where, keys, keys)
    return Redirected(
        _text(found["space"], f"{where}.space"),
        _index(found["old"], f"{where}.old"),
        _index(found["new"], f"{where}.new"),
    )


_READ: Final[Mapping[str, Callable[[object, str], Any]]] = MappingProxyType(
    {
        "name": _text,
        "new_name": _text,
        "module": _text,
        "new_module": _text,
        "same_as": _text,
        "space": _text,
        "type": _text,
        "reason": _text,
        "args": _texts,
        "old": _index,
        "new": _index,
        "pointer": _index,
        "memory": _index,
        "result": lambda value, where: parse_type(_text(value, where)),
        "kind": _text,
    }
)
"""How to read a field of a claim, by its name; a field that may be None is read as if it were there."""


def _claim(value: object, where: str) -> Claim:
    kind = _claim_type(value, where)
    parts = {each.name: each for each in fields(kind)}
    needed = {name for name, each in parts.items() if each.default is MISSING}
    found = _object(value, where, {"claim", *parts}, {"claim", *needed})
    read = {name: _part(parts[name], found[name], f"{where}.{name}") for name in found if name != "claim"}
    allowed = _KINDS_OF.get(kind, _KINDS)
    if read.get("kind", allowed[0]) not in allowed:
        raise ConfigError(f"{where}.kind: expected one of {', '.join(allowed)}")
    claim: Claim = kind(**read)
    return claim


def _claim_type(value: object, where: str) -> type[Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: expected an object, not {_name_of(value)}")
    word = value.get("claim")
    if not isinstance(word, str) or word not in _CLAIMS:
        raise ConfigError(f"{where}: unknown claim {word!r} (known: {', '.join(_CLAIMS)})")
    return _CLAIMS[word]


def _part(part: Any, value: object, where: str) -> Any:
    read = _READ[part.name]
    return _optional(read)(value, where) if part.default is None else read(value, where)
