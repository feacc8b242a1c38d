"""Settings of lint: what a ``[lint]`` table of a configuration file says, checked and frozen.

::

    [lint]
    select = ["WR1", "address-global"]      # codes, beginnings of codes, names; all if left out
    ignore = ["WR402"]
    fail-on = "warning"                     # the mildest severity that counts as a finding: note, warning, error
    namespaces = ["sensor.v2"]              # import namespaces of ours
    env = ["log", "host_*"]                 # what our host does offer under "env"
    env-module = "js"                       # where imports from "env" should have come from
    keep-exports = ["memory", "run_*"]      # patterns; anything else that is exported is a finding
    against = ["interface.toml"]            # what imports and exports have to fit, as --against

    [lint.severity]
    address-global = "error"

    [lint.policy]
    allow-imports = ["js.*"]                # patterns over MODULE.NAME
    deny-imports = ["env.*"]
    allow-types = ["i32", "i64"]            # value types of imports and exports
    deny-types = ["v128"]
    allow-features = ["mvp", "mutable-globals", "sign-extension"]
    deny-features = ["threads"]

    [lint.limits]
    imports = 100

Not here: reading files, which configuration holds (``rewrite.config``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..errors import ConfigError
from .expected import Expected
from .finding import Severity

LIMITS: Final = {
    "file-size": "bytes of the file",
    "imports": "imports",
    "exports": "exports",
    "functions": "functions, imported ones included",
    "parameters": "parameters of a function type",
    "results": "results of a function type",
    "function-size": "bytes of a function's code",
    "locals": "locals of a function, parameters included",
    "memory-pages": "pages of a memory to begin with",
    "table-size": "elements of a table to begin with",
    "data-size": "bytes of all data segments",
}
"""What can be limited, and what it counts."""

_LONGEST_TEXT: Final = 4096
"""Characters: names are shorter, and Python translates patterns in time that grows with the square."""
_LISTS: Final = ("select", "ignore", "namespaces", "env", "keep-exports", "against")
POLICY: Final = ("allow-imports", "deny-imports", "allow-types", "deny-types", "allow-features", "deny-features")
KEYS: Final = (*_LISTS, "fail-on", "env-module", "severity", "policy", "limits")
_SEVERITIES: Final = {str(each): each for each in Severity}


@dataclass(frozen=True, slots=True)
class Policy:
    """Patterns of what may be there. None for a list of what is allowed: anything."""

    allow_imports: tuple[str, ...] | None = None
    deny_imports: tuple[str, ...] = ()
    allow_types: tuple[str, ...] | None = None
    deny_types: tuple[str, ...] = ()
    allow_features: tuple[str, ...] | None = None
    deny_features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """One ``[lint]`` table. ``expected`` is what ``against`` means, read by whoever may open files."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.NOTE
    namespaces: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    env_module: str | None = None
    keep_exports: tuple[str, ...] | None = None
    against: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    policy: Policy = Policy()
    limits: Mapping[str, int] = field(default_factory=dict)
    expected: tuple[Expected, ...] = ()


def parse_settings(table: Mapping[str, object], where: str = "lint") -> Settings:
    """Read a ``[lint]`` table. Raises ``ConfigError``, which begins with ``where``."""
    _refuse_unknown(table, KEYS, where)
    module = table.get("env-module")
    if module is not None and not isinstance(module, str):
        raise ConfigError(f"{where}: env-module has to be text")
    keep = table.get("keep-exports")
    lists = {key: _texts(table.get(key, []), f"{where}: {key}") for key in _LISTS}
    return Settings(
        select=lists["select"],
        ignore=lists["ignore"],
        fail_on=severity(table.get("fail-on", "note"), f"{where}: fail-on"),
        namespaces=lists["namespaces"],
        env=lists["env"],
        env_module=module,
        keep_exports=None if keep is None else lists["keep-exports"],
        against=lists["against"],
        severity=_severities(table.get("severity", {}), f"{where}: severity"),
        policy=_policy(table.get("policy", {}), f"{where}: policy"),
        limits=_limits(table.get("limits", {}), f"{where}: limits"),
    )


def severity(value: object, where: str) -> Severity:
    """A severity by name. Raises ``ConfigError``."""
    if isinstance(value, str) and value in _SEVERITIES:
        return _SEVERITIES[value]
    raise ConfigError(f"{where}: {value!r} is not one of {', '.join(_SEVERITIES)}")


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where} has to be a table")
    return value


def _refuse_unknown(table: Iterable[str], known: Collection[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r} (known: {', '.join(known)})")


def _texts(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        if any(len(each) > _LONGEST_TEXT for each in value):
            raise ConfigError(f"{where} holds a text of more than {_LONGEST_TEXT} characters")
        return tuple(value)
    raise ConfigError(f"{where} has to be a list of texts")


def _severities(value: object, where: str) -> dict[str, Severity]:
    return {rule: severity(each, f"{where}: {rule}") for rule, each in _table(value, where).items()}


def _policy(value: object, where: str) -> Policy:
    table = _table(value, where)
    _refuse_unknown(table, POLICY, where)
    given = {key.replace("-", "_"): _texts(each, f"{where}: {key}") for key, each in table.items()}
    return Policy(**given)


def _limits(value: object, where: str) -> dict[str, int]:
    table = _table(value, where)
    _refuse_unknown(table, LIMITS, where)
    for key, limit in table.items():
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
            raise ConfigError(f"{where}: {key} has to be a number")
    return dict(table)
