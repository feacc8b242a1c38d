"""``interface.toml``: what a user declares of a module's imports and exports. Text in, ``Interface`` out; no files.

::

    [[export]]
    name = "tuple_u8_u32"
    params = ["u32"]                 # optional, without the hidden pointer
    result = "(u8 @4, u32 @0)"
    pointer = 0                      # optional: which parameter is the pointer
    memory = "memory"                # optional where there is one memory only

    [[import]]
    module = "js"
    name = "get_two_i64s"
    result = "(i64, i64)"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..arguments import expect
from ..contract import Declaration, DeclaredType, Interface, parse_type
from ..errors import ConfigError
from .toml import parse_toml, refuse_unknown

_COMMON: Final = ("name", "params", "result", "pointer", "memory")
_KEYS: Final = {"export": _COMMON, "import": ("module", *_COMMON)}


def parse_interface(text: str, where: str = "interface.toml") -> Interface:
    """Read an interface file; ``where`` is what messages call it. Raises ``ConfigError``, naming the entry."""
    expect(text, str, "the text of an interface file")
    document = parse_toml(text, where)
    refuse_unknown(document, _KEYS, where)
    return Interface(_entries(document, "export", where), _entries(document, "import", where))


def _entries(document: Mapping[str, Any], kind: str, where: str) -> tuple[Declaration, ...]:
    entries = document.get(kind, [])
    if not isinstance(entries, list):
        raise ConfigError(f"{where}: write [[{kind}]], a list of tables")
    found = tuple(_entry(each, kind, f"{where}: {kind} {at + 1}") for at, each in enumerate(entries))
    seen: set[tuple[str | None, str]] = set()
    for each in found:
        if (each.module, each.name) in seen:
            raise ConfigError(f"{where}: {kind} {_called(each)} is declared twice")
        seen.add((each.module, each.name))
    return found


def _called(declared: Declaration) -> str:
    return repr(declared.name if declared.module is None else f"{declared.module}.{declared.name}")


def _entry(entry: object, kind: str, where: str) -> Declaration:
    if not isinstance(entry, dict):
        raise ConfigError(f"{where}: expected a table")
    if isinstance(entry.get("name"), str):
        where += f" ({entry['name']!r})"
    refuse_unknown(entry, _KEYS[kind], where)
    for key in ("name", "module") if kind == "import" else ("name",):
        if not isinstance(entry.get(key), str):
            raise ConfigError(f"{where}: {key!r} has to be text")
    result = entry.get("result")
    return Declaration(
        name=entry["name"],
        module=entry.get("module"),
        params=_params(entry.get("params"), where),
        result=None if result is None else _type(result, f"{where}: result"),
        pointer=_number(entry.get("pointer", 0), f"{where}: pointer"),
        memory=_memory(entry.get("memory"), f"{where}: memory"),
    )


def _params(value: object, where: str) -> tuple[DeclaredType, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ConfigError(f"{where}: params have to be a list of types")
    return tuple(_type(each, f"{where}: parameter {at + 1}") for at, each in enumerate(value))


def _type(value: object, where: str) -> DeclaredType:
    if not isinstance(value, str):
        raise ConfigError(f'{where}: a type is text, such as "(i64, i64)"')
    try:
        return parse_type(value)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error.message}") from error


def _number(value: object, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32:
        return value
    raise ConfigError(f"{where}: {value!r} is no index")


def _memory(value: object, where: str) -> str | int | None:
    if value is None or isinstance(value, str):
        return value
    return _number(value, where)
