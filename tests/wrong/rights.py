"""Right rewrites to start from: pipelines of the built-in passes over the corpus, and a pass that moves every function.

Not here: what makes them wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.helpers.external import ROOT
from wasmrewrite.contract import Contract, Interface, ReturnsByValue
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import FuncType, func_type
from wasmrewrite.model import Func, Module
from wasmrewrite.rewrite import Editor, ModulePass, Pipeline, parse_interface, registry
from wasmrewrite.rewrite.options import build

CORPUS = ROOT / "corpus"
ENTRIES: dict[str, dict[str, Any]] = {
    each["file"].removeprefix("built/").removesuffix(".wasm"): each
    for each in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    if not each.get("invalid")
}


@dataclass(frozen=True)
class Right:
    """A rewrite that is as it should be."""

    name: str
    before: bytes
    after: bytes
    contract: Contract = field(default_factory=Contract)
    interface: Interface | None = None

    def new_funcs(self) -> list[int]:
        """Output functions the input does not have."""
        count = len(Module.from_bytes(self.after).funcs)
        runs = next((each.runs for each in self.contract.maps if each.space == "function"), None)
        if runs is None:
            return list(range(len(Module.from_bytes(self.before).funcs), count))
        images = {run.new + at for run in runs for at in range(run.count)}
        return [index for index in range(count) if index not in images]

    def wrappers(self) -> list[int]:
        """New functions behind exports that return by value now."""
        module = Module.from_bytes(self.after)
        names = {each.new_name or each.name for each in self.contract.claims if isinstance(each, ReturnsByValue)}
        found = {module.funcs.index(each.item) for each in module.exports if each.name in names and isinstance(each.item, Func)}
        return [index for index in self.new_funcs() if index in found]

    def shims(self) -> list[int]:
        """New functions that stand for imports that return by value now."""
        return sorted({each.new for each in self.contract.redirected} & set(self.new_funcs()))

    def starters(self) -> list[int]:
        """The start function if it is new."""
        start = Module.from_bytes(self.after).start
        return [index for index in self.new_funcs() if start is not None and index == start.index0]


class ImportFirst(ModulePass):
    """Import a function in front of all others, so that every function has another index."""

    def run(self, module: Module, edit: Editor) -> None:
        """Add the import."""
        edit.add_import("test", "first", edit.type(()), first=True)


def a_pass(name: str, /, **settings: object) -> ModulePass:
    """A pass with options."""
    return build(registry.find(name), settings, name)


def module_of(entry: dict[str, Any]) -> bytes:
    """A module's bytes."""
    return (CORPUS / str(entry["file"])).read_bytes()


def interface_of(entry: dict[str, Any]) -> Interface:
    """What is declared of a module."""
    if "interface" not in entry:
        return Interface()
    return parse_interface((CORPUS / entry["interface"]).read_text("utf-8"), entry["interface"])


def starters(module: Module) -> list[str]:
    """Exports that can be start functions."""
    return [each.name for each in module.exports if isinstance(each.item, Func) and func_type(each.item.type) == FuncType()]


def pipelines(entry: dict[str, Any]) -> Iterator[tuple[str, list[ModulePass]]]:
    """Pipelines that fit a module, by name."""
    module = Module.from_bytes(module_of(entry))
    start = [a_pass("add-start", function=name) for name in starters(module)[:1]]
    rename = [a_pass("rename-imports", module="*=host_*", name="*=the_*")] if module.imports else []
    by_value = [a_pass("multi-value")] if "interface" in entry else []
    if by_value:
        yield "mv", by_value
        yield "mv-suffix", [a_pass("multi-value", **{"original-export": "suffix"})]
    if start:
        yield "start", start
        yield "start-mv", [*start, *by_value, a_pass("remove-start"), *start]
    if module.start is not None:
        yield "unstart", [a_pass("remove-start")]
    if rename:
        yield "rename", rename
    yield "strip", [a_pass("strip-custom")]
    yield "first", [ImportFirst()]
    yield "all", [ImportFirst(), *rename, *start, a_pass("strip-custom", pattern="producers")]


@cache
def right(name: str, pipeline: str) -> Right | None:
    """One module through one pipeline; None where the passes refuse it."""
    entry = ENTRIES[name]
    passes = dict(pipelines(entry)).get(pipeline)
    if passes is None:
        return None
    interface = interface_of(entry)
    before = module_of(entry)
    try:
        result = Pipeline(passes, interface).run(Module.from_bytes(before))
    except RewriteError:
        return None
    return Right(f"{name}/{pipeline}", before, result.data, result.contract, interface)


def must(name: str, pipeline: str) -> Right:
    """One module through one pipeline, which has to fit."""
    found = right(name, pipeline)
    if found is None:
        raise ValueError(f"{name}/{pipeline} is no rewrite")
    return found


def rights() -> Iterator[Right]:
    """Every corpus module through every pipeline that fits it."""
    for name, entry in ENTRIES.items():
        for pipeline, _ in pipelines(entry):
            found = right(name, pipeline)
            if found is not None:
                yield found
