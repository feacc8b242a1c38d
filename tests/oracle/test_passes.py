"""Every rewritten module of the corpus, judged by wasmtime: it validates, and returns what the original wrote.

What the original wrote is read by the declared fields, with the judge's layouts and not the rewriter's. The old
compiler's own multi-value output tells independently what a rewritten module has to return.
"""

from __future__ import annotations

import math
import struct
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from tests.helpers.external import ROOT, fetched_modules
from tests.helpers.wat import assert_valid, engine
from wasmrewrite.contract import Array, Declaration, DeclaredType, Interface, Scalar, parse_type
from wasmrewrite.equiv.by_value.layouts import Layout, layout
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import func_type
from wasmrewrite.model import Func, Module
from wasmrewrite.rewrite import ModulePass, Pipeline, Promise, Result, parse_interface, registry
from wasmrewrite.rewrite.options import build

CORPUS = ROOT / "corpus"
ENTRIES = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
DECLARED = [entry for entry in ENTRIES if "interface" in entry]
NO_STACK = "nostack.wat.wasm"
"""Has no stack pointer: its exports cannot be rewritten."""
PAGE = 65536
CALLS = 4
VALUES: dict[str, tuple[Any, ...]] = {
    "i32": (0, 1, 3, 10, 201),
    "i64": (0, 1, -5, 1 << 40, 77),
    "f32": (0.5, -2.0, 0.0, 1e9, math.inf),
    "f64": (0.25, -3.0, 0.0, 1e18, math.inf),
}


def a_pass(name: str, /, **settings: object) -> ModulePass:
    """A pass with options."""
    return build(registry.find(name), settings, name)


def interface_of(entry: dict[str, Any]) -> Interface:
    """The interface file of a corpus module."""
    return parse_interface((CORPUS / entry["interface"]).read_text("utf-8"), entry["interface"])


def rewritten(entry: dict[str, Any]) -> tuple[bytes, Result]:
    """A corpus module, and the same with everything declared by value."""
    before = (CORPUS / entry["file"]).read_bytes()
    return before, Pipeline([a_pass("multi-value")], interface_of(entry)).run(Module.from_bytes(before))


def name_of(entry: dict[str, Any]) -> str:
    """The file's name."""
    return Path(entry["file"]).name


# --- running --------------------------------------------------------------------------------------------------------


@dataclass
class Side:
    """An instance of one side; ``by_pointer`` says that declared results go through memory here."""

    data: bytes
    declared: Interface
    by_pointer: bool
    log: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = wasmtime.Store(engine())
        module = wasmtime.Module(engine(), self.data)
        self.memories: dict[str, wasmtime.Memory] = {}
        provided = [self.provide(each) for each in module.imports]
        self.instance = wasmtime.Instance(self.store, module, provided)
        self.exports = self.instance.exports(self.store)
        for name, item in self.exports.items():
            if isinstance(item, wasmtime.Memory):
                self.memories[name] = item
        self.room = {name: each.grow(self.store, 1) * PAGE for name, each in self.memories.items()}

    def provide(self, wanted: wasmtime.ImportType) -> Any:
        """Something to import."""
        type = wanted.type
        if isinstance(type, wasmtime.FuncType):
            return wasmtime.Func(self.store, type, self.host(wanted, type))
        if isinstance(type, wasmtime.MemoryType):
            memory = wasmtime.Memory(self.store, type)
            self.memories.setdefault(wanted.name or "", memory)
            return memory
        if isinstance(type, wasmtime.GlobalType):
            return wasmtime.Global(self.store, type, wasmtime.Val.i32(0))
        assert isinstance(type, wasmtime.TableType)
        return wasmtime.Table(self.store, type, None)

    def host(self, wanted: wasmtime.ImportType, type: wasmtime.FuncType) -> Callable[..., Any]:
        """A host function whose answers depend on nothing but how often the host was called."""
        declared = [each for each in self.declared.imports if (each.module, each.name) == (wanted.module, wanted.name)]
        returned = next((each for each in declared if each.by_value), None)

        def call(*args: Any) -> Any:
            if returned is not None:
                return self.answer(returned, args)
            self.log.append((wanted.module, wanted.name, args))
            results = [numbers(str(each), len(self.log)) for each in type.results]
            return results[0] if len(results) == 1 else results or None

        return call

    def answer(self, declared: Declaration, args: tuple[Any, ...]) -> Any:
        """Return a declared result, or write it where the pointer says."""
        shape = self.shape(declared)
        rest = args if not self.by_pointer else args[: declared.pointer] + args[declared.pointer + 1 :]
        self.log.append((declared.module, declared.name, rest))
        bits = [pattern(leaf.scalar, at, len(self.log)) for leaf in shape.leaves for at in range(len(leaf.types))]
        if not self.by_pointer:
            return [from_bits(str(type), value) for type, value in zip(shape.types, bits, strict=True)]
        for offset, data in shape.write(bits):
            self.memory(declared).write(self.store, data, args[declared.pointer] + offset)
        return None

    def shape(self, declared: Declaration) -> Layout:
        assert declared.result is not None
        return layout(declared.result, 8 if self.memory(declared).type(self.store).is_64 else 4)

    def memory(self, declared: Declaration) -> wasmtime.Memory:
        return (
            self.memories[str(declared.memory)] if declared.memory is not None else next(iter(self.memories.values()))
        )

    def call(self, declared: Declaration, args: list[Any]) -> object:
        """Results in comparable form, or the kind of trap."""
        func = self.exports[declared.name]
        assert isinstance(func, wasmtime.Func)
        try:
            if not self.by_pointer:
                found = func(self.store, *args)
                return [comparable(each) for each in (found if isinstance(found, list) else [found])]
            memory, shape = self.memory(declared), self.shape(declared)
            where = next(at for name, at in self.room.items() if self.memories[name] is memory)
            memory.write(self.store, bytes(shape.size), where)
            func(self.store, *args[: declared.pointer], where, *args[declared.pointer :])
            values = shape.read(bytes(memory.read(self.store, where, where + shape.size)))
            return [comparable(from_bits(str(type), value)) for type, value in zip(shape.types, values, strict=True)]
        except wasmtime.Trap as trap:
            return trap.trap_code
        except wasmtime.WasmtimeError as error:
            return str(error).splitlines()[-1]


def numbers(type: str, seed: int) -> Any:
    """A number of a wasm type."""
    return from_bits(type, pattern(type, 0, seed))


def pattern(scalar: str, part: int, seed: int) -> int:
    """Bits of a declared scalar, as a host has to return them: extended, and valid for its type."""
    mixed = (seed * 0x9E37_79B9_7F4A_7C15 + part * 0x1234_5678_9ABC_DEF1) & 0xFFFF_FFFF_FFFF_FFFF
    if scalar == "bool":
        return seed & 1
    if scalar == "char":
        return 0x41 + seed % 1000
    if scalar in ("f32", "f64"):
        form = "<f" if scalar == "f32" else "<d"
        return int.from_bytes(struct.pack(form, seed * 1.5 - 7), "little")
    small = {"u8": 8, "i8": 8, "u16": 16, "i16": 16}.get(scalar)
    if small is not None:
        value = mixed & ((1 << small) - 1)
        negative = scalar[0] == "i" and value >> (small - 1)
        return (value - (1 << small)) & 0xFFFF_FFFF if negative else value
    return mixed & 0xFFFF_FFFF if scalar in ("u32", "i32", "ptr") else mixed


def from_bits(type: str, bits: int) -> Any:
    """What wasmtime's Python calls a wasm value of these bits."""
    if type in ("f32", "f64"):
        width, form = (4, "<f") if type == "f32" else (8, "<d")
        return struct.unpack(form, bits.to_bytes(width, "little"))[0]
    width = 32 if type == "i32" else 64
    return bits - (1 << width) if bits >> (width - 1) else bits


def comparable(value: Any) -> object:
    """NaNs are equal, zeros are told apart."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    return value


def calls(result: Result, declared: Interface) -> Iterator[tuple[Declaration, list[Any]]]:
    """Exports declared by value, with arguments of the types the rewritten ones take."""
    module = result.module
    for turn in range(CALLS):
        for each in declared.exports:
            export = module.export(each.name)
            if each.by_value and export is not None and isinstance(export.item, Func):
                params = func_type(export.item.type).params
                yield each, [VALUES[str(type)][(turn + 2 * at) % 5] for at, type in enumerate(params)]


def shares_memory(data: bytes) -> bool:
    """Whether a module needs shared memory, which wasmtime's Python cannot make."""
    return any(each.type.limits.shared for each in Module.from_bytes(data).memories)


@pytest.mark.parametrize("entry", [each for each in DECLARED if name_of(each) != NO_STACK], ids=name_of)
def test_rewritten_modules_return_what_was_written(entry: dict[str, Any]) -> None:
    before, result = rewritten(entry)
    assert_valid(result.data)
    if shares_memory(before):
        return
    declared = interface_of(entry)
    old, new = Side(before, declared, True), Side(result.data, declared, False)
    for each, args in calls(result, declared):
        assert (each.name, args, new.call(each, args)) == (each.name, args, old.call(each, args))
    assert new.log == old.log


def test_without_a_stack_pointer_nothing_is_rewritten() -> None:
    entry = next(each for each in DECLARED if name_of(each) == NO_STACK)
    with pytest.raises(RewriteError, match="stack pointer"):
        rewritten(entry)


# --- the old compiler's multi-values --------------------------------------------------------------------------------

TWINS = [
    (entry, f"{entry['file'].removesuffix('.wasm')}-mv.wasm")
    for entry in DECLARED
    if (CORPUS / f"{entry['file'].removesuffix('.wasm')}-mv.wasm").exists()
]
"""Modules that were also compiled with true multi-values."""
INVALID = {each["file"] for each in ENTRIES if each.get("invalid")}


def compiled(declared: DeclaredType, first: int) -> list[int | None]:
    """What the old compiler returns for a type, in memory order: the number of a scalar in declaration order, counted
    from ``first``, or None for padding, which it fills with integers as aligned as the field before. A struct of two
    scalars has no padding in its eyes."""
    if isinstance(declared, Scalar):
        return [first]
    if isinstance(declared, Array):
        count = len(layout(declared.element).leaves)
        return [each for at in range(declared.count) for each in compiled(declared.element, first + at * count)]
    parts: list[tuple[int, Layout, list[int | None]]] = []
    end = 0
    for member in declared.fields:
        inner = layout(member.type)
        offset = -(-end // inner.align) * inner.align if member.offset is None else member.offset
        parts.append((offset, inner, compiled(member.type, first)))
        first, end = first + len(inner.leaves), offset + inner.size
    whole = layout(declared)
    if len(whole.leaves) == len(parts) == 2 and whole.align == max(inner.align for _, inner, _ in parts):
        return [each for _, _, part in sorted(parts, key=lambda each: each[0]) for each in part]
    found: list[int | None] = []
    at, unit = 0, 1
    for offset, inner, part in sorted(parts, key=lambda each: each[0]):
        found += [None] * ((offset - at) // min(unit, inner.align))
        found += part
        at, unit = offset + inner.size, inner.align
    return found + [None] * ((whole.size - at) // unit)


def in_order(declared: DeclaredType, results: list[Any]) -> list[Any]:
    """The declared values out of what the old compiler returns, small integers without anything above their bits."""
    leaves = layout(declared).leaves
    values = iter(results)
    found: dict[int, list[Any]] = {}
    for number in compiled(declared, 0):
        if number is None:
            next(values)
        else:
            found[number] = [narrowed(leaves[number].scalar, next(values)) for _ in leaves[number].types]
    assert list(values) == []
    return [comparable(value) for number in range(len(leaves)) for value in found[number]]


def narrowed(scalar: str, value: Any) -> Any:
    """A value of a small integer without what is above its bits."""
    bits = {"u8": 8, "i8": 8, "u16": 16, "i16": 16, "bool": 1}.get(scalar)
    if bits is None:
        return value
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if scalar[0] == "i" and low >> (bits - 1) else low


@pytest.mark.parametrize(
    ("entry", "twin"), [pair for pair in TWINS if pair[1] not in INVALID], ids=lambda each: str(each)[-24:]
)
def test_the_old_compiler_agrees(entry: dict[str, Any], twin: str) -> None:
    _, result = rewritten(entry)
    declared = interface_of(entry)
    ours, theirs = Side(result.data, declared, False), Side((CORPUS / twin).read_bytes(), declared, False)
    compared = 0
    for each, args in calls(result, declared):
        func = theirs.exports.get(each.name)
        assert isinstance(func, wasmtime.Func)
        if len(func.type(theirs.store).params) != len(args):
            continue  # it takes structs apart that others pass by pointer
        mine = ours.call(each, args)
        if not isinstance(mine, list) or each.result is None or each.result in UNWRITTEN:
            continue
        results = func(theirs.store, *args)
        assert (each.name, args, mine) == (each.name, args, in_order(each.result, results))
        compared += 1
    assert compared


UNWRITTEN = {
    parse_type(text) for text in ("(some: u32, value: u32)", "(count: u32, rest: u64)", "(tag: u32, bits: u64)")
}
"""Results of which parts are not always written: the compiler returns anything there."""


# --- promises -------------------------------------------------------------------------------------------------------

NEED_OPTIONS = {"add-start", "multi-value"}
"""Passes that refuse to run without being told what to do: ``tests/property/test_idempotence.py`` tells them."""
PROMISING = [
    (name, promise)
    for name in registry.names(plugins=False)
    for promise in (Promise.IDEMPOTENT, Promise.SHRINKS)
    if promise in registry.find(name).promises and name not in NEED_OPTIONS
]
"""With the options that they have by default."""


@pytest.mark.parametrize(("name", "promise"), PROMISING, ids=str)
def test_passes_keep_their_promises(name: str, promise: Promise) -> None:
    for entry in ENTRIES:
        before = (CORPUS / entry["file"]).read_bytes()
        once = Pipeline([a_pass(name)]).run(Module.from_bytes(before))
        if promise is Promise.SHRINKS:
            assert len(once.data) <= len(before)
        else:
            assert Pipeline([a_pass(name)]).run(Module.from_bytes(once.data)).data == once.data


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_other_passes_keep_modules_valid(entry: dict[str, Any]) -> None:
    before = (CORPUS / entry["file"]).read_bytes()
    module = Module.from_bytes(before)
    passes = [a_pass("strip-custom"), a_pass("remove-start")]
    if module.imports:
        passes.append(a_pass("rename-imports", module="*=host_*", name="*=the_*"))
    starters = [
        each.name for each in module.exports if isinstance(each.item, Func) and not func_type(each.item.type).params
    ]
    passes += [a_pass("add-start", function=name) for name in starters[:2]]
    result = Pipeline(passes).run(module)
    if entry["file"] not in INVALID:
        assert_valid(result.data)


REFUSED = {"web-tree-sitter.wasm": "dylink.0", "esbuild.wasm": "stack pointer"}
"""Modules that cannot be rewritten: a custom section forbids it; Go keeps its stack in its own way."""


@pytest.mark.slow
@pytest.mark.parametrize("path", fetched_modules(), ids=lambda path: path.name)
def test_real_modules_stay_valid(path: Path) -> None:
    data = path.read_bytes()
    module = Module.from_bytes(data)
    exports = [
        each.name
        for each in module.exports
        if isinstance(each.item, Func)
        and [str(type) for type in func_type(each.item.type).params[:1]] == ["i32"]
        and not func_type(each.item.type).results
    ]
    if not exports or len(module.memories) != 1:
        return
    chosen = [f"{name}=(u32, u32)" for name in exports[:4]]
    pipeline = Pipeline([a_pass("multi-value", export=chosen)])
    if path.name in REFUSED:
        with pytest.raises(RewriteError, match=REFUSED[path.name]):
            pipeline.run(module)
    else:
        assert_valid(pipeline.run(module).data)
