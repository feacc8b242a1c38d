"""What is spoilt: modules of every kind, small ones, and the text files that verbs read. All of them are good."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

from tests.helpers.external import ROOT
from wasmrewrite.fuzz import Plan, RandomChoices, Shape, run_one, subject
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline, parse_interface
from wasmrewrite.rewrite.config import PassEntry, build_passes

CORPUS: Final = ROOT / "corpus"
LARGEST: Final = 40_000
"""Bytes: what damage adds has to stay below 64 KB."""
GENERATED: Final = 40

CONFIG: Final = """\
interface = "interface.toml"

[[pass]]
name = "multi-value"
original = "suffix"
max-results = 4
zero = true

[[pass]]
name = "strip-custom"
pattern = ["name", "prod*"]

[[pass]]
name = "remove-start"

[lint]
select = ["WR1", "address-global"]
ignore = ["WR402"]
fail-on = "warning"
namespaces = ["sensor.v2"]
env = ["log", "host_*"]
env-module = "js"
keep-exports = ["memory", "run_*"]
against = ["interface.toml"]

[lint.severity]
address-global = "error"

[lint.policy]
allow-imports = ["js.*"]
deny-types = ["v128"]
allow-features = ["mvp", "mutable-globals", "sign-extension"]

[lint.limits]
imports = 100
file-size = 1000
"""
PLAIN: Final = "two_i64s.1.96-O3"
"""The module that text files are about."""


@cache
def modules() -> tuple[bytes, ...]:
    """Hand-written ones of every proposal, what rustc and clang made, with debug information too, generated ones."""
    built = CORPUS / "built"
    small = [path.read_bytes() for path in sorted(built.glob("*.wasm")) if path.stat().st_size <= LARGEST]
    wild = [subject(RandomChoices(f"hostile/{seed}"), Shape(tame=False)).data for seed in range(GENERATED // 2)]
    return (*small, *wild, *(subject(RandomChoices(f"hostile/{seed}")).data for seed in range(GENERATED // 2)))


@cache
def plain() -> bytes:
    """A module with an interface."""
    return (CORPUS / "built" / f"{PLAIN}.wasm").read_bytes()


def interface() -> str:
    """Its interface, with every key that there is."""
    result = 'result = "(u8 @4, [u16; 3] @0)"'
    more = f'\n[[export]]\nname = "other"\nparams = ["u32"]\n{result}\npointer = 0\nmemory = "memory"\n'
    return (CORPUS / "interfaces" / "two_i64s.toml").read_text("utf-8") + more


@cache
def rewritten() -> tuple[bytes, str]:
    """The module rewritten, and the contract."""
    from wasmrewrite.contract import contract_to_json

    declared = parse_interface((CORPUS / "interfaces" / "two_i64s.toml").read_text("utf-8"))
    passes = build_passes([PassEntry("multi-value", {"original-export": "suffix"}), PassEntry("strip-custom")])
    result = Pipeline(passes, declared).run(Module.from_bytes(plain()))
    return result.data, json.dumps(contract_to_json(result.contract), indent=1)


@cache
def script() -> str:
    """Calls that tell two modules apart."""
    from wasmrewrite.equiv import Different, verify

    after = rewritten()[0]
    verdict = verify(plain(), after, None, calls=20)
    assert isinstance(verdict, Different)
    return (verdict.script.dumps() if verdict.script is not None else '{"schema": "wasmrewrite.reproducer/2"}') + "\n"


@cache
def case() -> dict[str, bytes]:
    """The folder of a case."""
    plan = Plan(("multi-value",), seed="hostile", outside=False)
    found = next(each for number in range(200) if (each := run_one(plan, number)).kind == "same")
    answers = {"schema": "wasmrewrite.case/1", "calls": [{"name": "env.f", "args": ["i32:1"], "results": []}]}
    return {**found.case.files(), "script.json": script().encode(), "host.json": json.dumps(answers).encode()}


@cache
def baseline() -> str:
    """Accepted findings."""
    entry = {"code": "WR101", "name": "x", "count": 1, "fingerprint": "00"}
    return json.dumps({"schema": "wasmrewrite.lint-baseline/1", "findings": [entry, entry]})


def text() -> str:
    """A module as text."""
    return Module.from_bytes(plain()).to_wat()
