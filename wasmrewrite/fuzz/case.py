"""One case: a module, the passes over it, and what came of it; as a folder of files, by name and contents.

Not here: opening files (the caller does), and how a case is judged (``check``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, Self

from ..contract import Contract, Declaration, Interface, contract_from_json, contract_to_json
from ..equiv import Script
from ..errors import ConfigError
from ..renamed import schema_problem
from ..rewrite import parse_interface
from ..rewrite.config import PassEntry

SCHEMA: Final = "wasmrewrite.case/1"
BEFORE, AFTER, PIPELINE, SEED = "before.wasm", "after.wasm", "pipeline.json", "seed"
INTERFACE, CONTRACT, SCRIPT, HOST = "interface.toml", "contract.json", "script.json", "host.json"
FILES: Final = (BEFORE, AFTER, PIPELINE, INTERFACE, CONTRACT, SCRIPT, HOST, SEED)
"""Every file a folder may have. ``before.wasm`` and ``pipeline.json`` are always there."""


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """One call of an imported function: arguments and results as text, in order."""

    name: str
    args: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What is needed to see again what was seen. ``after``, ``contract``, ``script``: as far as it came.

    ``host``: what the input calls of its host while ``script`` is played; that and the answers follow from its seed.
    ``kind`` is "crash", "invalid", "differs" or "engines"; empty for a case that did not fail. ``message`` says more.
    """

    before: bytes
    passes: tuple[PassEntry, ...] = ()
    interface: Interface = field(default_factory=Interface)
    seed: str = "0"
    after: bytes | None = None
    contract: Contract | None = None
    script: Script | None = None
    host: tuple[HostAnswer, ...] = ()
    kind: str = ""
    message: str = ""

    def files(self) -> dict[str, bytes]:
        """The files of the folder."""
        passes = [{"name": each.name, "options": dict(each.settings)} for each in self.passes]
        pipeline = {"schema": SCHEMA, "passes": passes, "kind": self.kind, "message": self.message}
        found: dict[str, bytes | None] = {
            BEFORE: self.before,
            AFTER: self.after,
            PIPELINE: _json(pipeline),
            INTERFACE: interface_text(self.interface).encode() if self.interface != Interface() else None,
            CONTRACT: None if self.contract is None else _json(contract_to_json(self.contract)),
            SCRIPT: None if self.script is None else (self.script.dumps() + "\n").encode(),
            HOST: _json(_host_to_json(self.host)) if self.host else None,
            SEED: f"{self.seed}\n".encode(),
        }
        return {name: data for name, data in found.items() if data is not None}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """The inverse of ``files``; others are ignored. Raises ``ConfigError``: something is missing or unreadable."""
        for name in (BEFORE, PIPELINE):
            if name not in files:
                raise ConfigError(f"no case: {name} is missing")
        pipeline = _object(files[PIPELINE], PIPELINE)
        if pipeline.get("schema") != SCHEMA:
            raise ConfigError(f"no case: {PIPELINE}: {schema_problem(pipeline.get('schema'), SCHEMA)}")
        contract = _object(files[CONTRACT], CONTRACT) if CONTRACT in files else None
        return cls(
            before=files[BEFORE],
            passes=_passes(pipeline.get("passes")),
            interface=parse_interface(_text(files.get(INTERFACE, b""), INTERFACE), INTERFACE),
            seed=_text(files.get(SEED, b"0"), SEED).strip(),
            after=files.get(AFTER),
            contract=None if contract is None else contract_from_json(contract),
            script=Script.loads(_text(files[SCRIPT], SCRIPT)) if SCRIPT in files else None,
            host=_host_from_json(_object(files[HOST], HOST)) if HOST in files else (),
            kind=str(pipeline.get("kind", "")),
            message=str(pipeline.get("message", "")),
        )


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=True) + "\n").encode()


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"no case: {name} is no UTF-8 text (byte {error.start})") from None


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(_text(data, name))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"no case: {name} is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise ConfigError(f"no case: {name} holds no object")
    return value


def _host_to_json(host: tuple[HostAnswer, ...]) -> dict[str, Any]:
    calls = [{"name": each.name, "args": [*each.args], "results": [*each.results]} for each in host]
    return {"schema": SCHEMA, "calls": calls}


def _host_from_json(data: dict[str, Any]) -> tuple[HostAnswer, ...]:
    calls = data.get("calls")
    if not isinstance(calls, list) or not all(isinstance(each, dict) for each in calls):
        raise ConfigError(f"no case: {HOST} lists no calls")
    return tuple(
        HostAnswer(str(each.get("name")), _texts(each.get("args")), _texts(each.get("results"))) for each in calls
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(f"no case: {HOST} has a call without lists of texts")
    return tuple(value)


def _passes(value: object) -> tuple[PassEntry, ...]:
    return tuple(_pass(each) for each in value) if isinstance(value, list) else _no_passes()


def _pass(value: object) -> PassEntry:
    name, options = (value.get("name"), value.get("options")) if isinstance(value, dict) else (None, None)
    return PassEntry(name, options) if isinstance(name, str) and isinstance(options, dict) else _no_passes()


def _no_passes() -> NoReturn:
    raise ConfigError(f"no case: {PIPELINE} lists no passes")


# --- interface files --------------------------------------------------------------------------------------------------


def interface_text(interface: Interface) -> str:
    """An interface as the text of an interface file."""
    parts = [_entry("export", each) for each in interface.exports] + [
        _entry("import", each) for each in interface.imports
    ]
    return "\n".join(parts)


def _entry(kind: str, declared: Declaration) -> str:
    given: dict[str, object] = {"module": declared.module, "name": declared.name}
    if declared.params is not None:
        given["params"] = [str(each) for each in declared.params]
    if declared.result is not None:
        given["result"] = str(declared.result)
    given |= {"pointer": declared.pointer or None, "memory": declared.memory}
    lines = [f"{key} = {_value(value)}" for key, value in given.items() if value is not None]
    return "\n".join([f"[[{kind}]]", *lines, ""])


def _value(value: object) -> str:
    # JSON's escapes are all TOML's too; DEL alone TOML wants escaped and JSON does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
