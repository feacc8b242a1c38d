"""Whatever is called, the call graph said that it may be: generated modules run, and every call is looked up."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.helpers.call_log import CALLS, FOREIGN, Log, Seen, reporting
from tests.helpers.tangled import tangled
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.analysis import CallGraph, dead, reachable
from wasmrewrite.errors import Trap
from wasmrewrite.interp import Instance, instantiate
from wasmrewrite.isa.types import FUNCREF, FuncType, Limits, TableType, func_type
from wasmrewrite.model import Import, Module
from wasmrewrite.runtime import FuncInst, HostFunc, Store, StoreLimits
from wasmrewrite.runtime.table import TableInst

BUILT = Path(__file__).resolve().parents[2] / "corpus" / "built"
SEEDS = 200
TURNS = 25
FUEL = 20


@dataclass(slots=True)
class World:
    """A host that calls, writes tables, and keeps the references it gets."""

    module: Module
    random: Random
    log: Log = field(default_factory=Log)
    known: list[Any] = field(default_factory=list)

    def imports(self, store: Store) -> dict[str, dict[str, object]]:
        index = {str(func.origin): at for at, func in enumerate(self.module.funcs) if isinstance(func.origin, Import)}

        def answer(name: str) -> Any:
            return lambda *_: self.log.enter(index[name])

        def take(reference: Any) -> None:
            self.log.enter(index["h.take"])
            self.known += [reference] if reference is not None else []

        def give() -> Any:
            self.log.enter(index["h.give"])
            return self.random.choice([None, self.foreign(store), *self.known])

        given = TableInst(store, TableType(FUNCREF, Limits(4)))
        given.elements[:] = [self.random.choice([None, self.foreign(store)]) for _ in given.elements]
        host = {"h0": answer("h.h0"), "h1": answer("h.h1"), "take": take, "give": give, "given": given}
        return {"h": host, "log": dict(self.log.imports())}

    def foreign(self, store: Store) -> HostFunc:
        """A function of the type [] -> [] that the module does not import."""
        return HostFunc(FuncType(), lambda: self.log.enter(FOREIGN), name="foreign").known_to(store)

    def run(self, data: bytes) -> list[Seen]:
        store = Store(StoreLimits(fuel=200_000, depth=500))
        try:
            instance = instantiate(data, self.imports(store), store)
        except Trap:
            return self.log.seen
        self.known += [each for each in instance.exports.values() if isinstance(each, (FuncInst, HostFunc))]
        for _ in range(TURNS):
            self.turn(instance)
        return self.log.seen

    def turn(self, instance: Instance) -> None:
        self.log.from_host()
        instance.global_("n").value = FUEL
        table = instance.exports.get("table")
        callable_ = [each for each in self.known if isinstance(each, FuncInst)]
        if isinstance(table, TableInst):
            callable_ += [each for each in table.elements if isinstance(each, FuncInst)]
            if self.random.random() < 0.3:
                table.elements[self.random.randrange(4)] = self.random.choice([None, *self.known])
        if callable_:
            func = self.random.choice(callable_)
            with suppress(Trap):
                instance.invoke(func, [7] * len(func.type.params))


def check(graph: CallGraph, seen: list[Seen]) -> Counter[str]:
    """Look up every call; what was seen of which kind."""
    calls = [[each for _, each in graph.sites(at) if each.kind in CALLS] for at in range(len(graph))]
    by_host = {*graph.roots(), *graph.references.host_callable()}
    alive = reachable(graph, by_host).distance
    unreachable = set(dead(graph))
    kinds: Counter[str] = Counter()
    for each in set(seen):
        assert each.callee == FOREIGN or (each.callee in alive and each.callee not in unreachable)
        if each.caller is None:
            assert each.callee in by_host
            kinds["host"] += 1
            continue
        mention = calls[each.caller][each.site]
        targets = graph.set_of(mention)
        kinds[mention.kind] += 1
        if targets is None:
            assert mention.callee == each.callee
        elif each.callee == FOREIGN:
            assert not targets.complete
            kinds["foreign"] += 1
        else:
            assert each.callee in targets.funcs
            assert not targets.exact or targets.funcs == (each.callee,)
            kinds["exact"] += targets.exact
            kinds["complete"] += targets.complete
    return kinds


def observed(seed: int) -> Counter[str]:
    data = wat(tangled(seed))
    assert_valid(data)
    module = Module.from_bytes(data)
    told = reporting(data)
    assert_valid(told)
    kinds: Counter[str] = Counter()
    for attempt in range(3):
        kinds += check(CallGraph(module), World(module, Random(seed * 3 + attempt)).run(told))
    return kinds


@pytest.mark.slow
def test_every_call_is_an_edge() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(SEEDS):
        kinds += observed(seed)
    assert min(kinds[kind] for kind in (*CALLS, "host", "foreign", "exact", "complete")) >= 10, kinds


def corpus(path: Path) -> Counter[str]:
    """What every export of a module that compilers made calls, with arguments drawn and imports that answer 0."""
    data = path.read_bytes()
    module, random, log = Module.from_bytes(data), Random(1), Log()
    imports: dict[str, dict[str, object]] = {"log": dict(log.imports())}
    for index, func in enumerate(module.funcs):
        if isinstance(func.origin, Import):
            results = [0] * len(func_type(func.type).results)
            imports.setdefault(func.origin.module, {})[func.origin.name] = zeroes(log, index, results)
    store = Store(StoreLimits(fuel=2_000_000, depth=200))
    imports.setdefault("host", {})["table"] = TableInst(store, TableType(FUNCREF, Limits(4, 8)))
    instance = instantiate(reporting(data), imports, store)
    for each in [each for each in instance.exports.values() if isinstance(each, FuncInst)]:
        for _ in range(5):
            log.from_host()
            arguments = [random.choice([0, 1, 2, 1024, 65536, 0xFFFFFFFF]) for _ in each.type.params]
            with suppress(Trap):
                instance.invoke(each, arguments)
    return check(CallGraph(module), log.seen)


def zeroes(log: Log, index: int, results: list[int]) -> Any:
    """An import that notes that it was called."""

    def answer(*_: Any) -> Any:
        log.enter(index)
        return results[0] if len(results) == 1 else results or None

    return answer


@pytest.mark.parametrize("name", ["imports.1.96-O3", "imports.1.96-O3-tail", "ctors.1.96-O0-g", "paths.1.96-O3-g",
                                  "returns.1.96-O0-g", "tables.wat"])  # fmt: skip
def test_what_compilers_made(name: str) -> None:
    kinds = corpus(BUILT / f"{name}.wasm")
    assert kinds["host"] > 1
    assert kinds["call"] + kinds["call_indirect"] > 2


def test_a_call_that_is_no_edge_is_noticed() -> None:
    text = """(module (table 1 funcref) (elem (i32.const 0) 0) (export "a" (func 0)) (export "c" (func 2))
      (func i32.const 0 call_indirect) (func) (func call 1))"""
    graph = CallGraph(Module.from_bytes(wat(text)))
    right = check(graph, [Seen(None, 0, 0), Seen(0, 0, 0), Seen(2, 0, 1)])
    assert right == Counter(host=1, call_indirect=1, call=1, exact=1, complete=1)
    for wrong in (Seen(0, 0, 1), Seen(2, 0, 0), Seen(None, 0, 1), Seen(0, 0, FOREIGN)):
        with pytest.raises(AssertionError):
            check(graph, [wrong])
