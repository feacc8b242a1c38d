"""The interpreter beside wasmtime: the same calls, the same results, traps, memories and host calls.

Numbers are compared to the bit; a NaN that arithmetic makes may have any payload, so NaNs are compared as NaN.
"""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
import wasmtime

from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from tests.oracle.programs import Generator
from wasmrewrite import meanings
from wasmrewrite.errors import Exhaustion, InvalidError, LimitError, Trap
from wasmrewrite.features import Feature
from wasmrewrite.interp import Instance, Program, instantiate
from wasmrewrite.isa.signature import Signature
from wasmrewrite.isa.table import BY_NAME, ROWS
from wasmrewrite.isa.types import NUMBERS, FuncType, func_type
from wasmrewrite.model import Export, Func
from wasmrewrite.runtime import FuncInst, GlobalInst, MemoryInst, RecordingHost, Store, StoreLimits

FUEL = 3_000_000
CALLS = 6
PAGE = 65536
MASKS = {"i32": 0xFFFF_FFFF, "i64": 0xFFFF_FFFF_FFFF_FFFF, "f32": 0xFFFF_FFFF, "f64": 0xFFFF_FFFF_FFFF_FFFF}
INTEGERS = (0, 1, 2, 7, 31, 32, 33, 63, 64, 127, 128, 255, 32768, 65535, 1 << 31, (1 << 31) - 1, 1 << 63, -1, -2, -128)
FLOATS = (
    0.0,
    1.0,
    0.5,
    1.5,
    2.5,
    3.0e-39,
    1e-310,
    16777217.0,
    2147483647.5,
    4294967296.0,
    9.3e18,
    1.9e19,
    1e300,
    3.5e38,
)


@cache
def engine() -> wasmtime.Engine:
    """An engine that counts fuel; without it, random arguments could run for ever."""
    config = wasmtime.Config()
    config.consume_fuel = True
    config.wasm_memory64 = config.wasm_multi_memory = config.wasm_tail_call = config.wasm_wide_arithmetic = True
    return wasmtime.Engine(config)


def is_nan(kind: str, bits: int) -> bool:
    """Whether the bits are a NaN of f32 or f64."""
    limit = 0x7F80_0000 if kind == "f32" else 0x7FF0_0000_0000_0000
    return bits & (MASKS[kind] >> 1) > limit


def same(kind: str, ours: int, theirs: int) -> bool:
    """Whether two numbers are the same."""
    return ours == theirs or (kind[0] == "f" and is_nan(kind, ours) and is_nan(kind, theirs))


# --- every numeric instruction --------------------------------------------------------------------------------------

SIGNATURES: dict[str, Signature] = {
    name: signature
    for name in (*meanings.UNARY, *meanings.BINARY, *meanings.TESTS)
    if isinstance(signature := BY_NAME[name].signature, Signature)
}
AS_INTEGER = {"i32": "i32", "i64": "i64", "f32": "i32", "f64": "i64"}


def wrapped(name: str, signature: Signature) -> str:
    """A function around one instruction, floats crossing its border as the bits of integers."""
    params = [str(type) for type in signature.params]
    (result,) = (str(type) for type in signature.results)
    lines = [f"(func (export {name!r}) (param".replace("'", '"')]
    lines.append(" ".join(AS_INTEGER[param] for param in params) + f") (result {AS_INTEGER[result]})")
    for at, param in enumerate(params):
        lines.append(f"local.get {at}" + (f" {param}.reinterpret_{AS_INTEGER[param]}" if param[0] == "f" else ""))
    lines.append(name + (f" {AS_INTEGER[result]}.reinterpret_{result}" if result[0] == "f" else "") + ")")
    return " ".join(lines)


def operands(kind: str) -> list[int]:
    """Interesting bits of a type."""
    if kind[0] == "i":
        return sorted({number & MASKS[kind] for number in INTEGERS})
    pack, size = ("<f", 4) if kind == "f32" else ("<d", 8)
    numbers = [number for number in FLOATS if kind == "f64" or number < 3.4e38]
    bits = [int.from_bytes(struct.pack(pack, sign * number), "little") for number in numbers for sign in (1, -1)]
    top, quiet = (0x7F80_0000, 0x40_0000) if size == 4 else (0x7FF0_0000_0000_0000, 0x8_0000_0000_0000)
    sign_bit = (MASKS[kind] >> 1) + 1
    specials = [top, top | sign_bit, top | quiet, top | quiet | sign_bit | 5, top | 1, 1, top - 1]
    return sorted({*bits, *specials})


def test_every_numeric_instruction_is_compared() -> None:
    meant = {*meanings.UNARY, *meanings.BINARY, *meanings.TESTS}
    assert meant - SIGNATURES.keys() == {"ref.is_null", "ref.as_non_null"}


@cache
def numeric() -> tuple[Instance, wasmtime.Store, wasmtime.Instance]:
    """One module with every numeric instruction, in both engines."""
    data = wat("(module " + "\n".join(wrapped(name, signature) for name, signature in SIGNATURES.items()) + ")")
    store = wasmtime.Store(engine())
    return instantiate(data), store, wasmtime.Instance(store, wasmtime.Module(engine(), data), [])


@pytest.mark.parametrize("name", SIGNATURES)
def test_numeric_instruction(name: str) -> None:
    ours, store, theirs = numeric()
    kinds = [str(type) for type in SIGNATURES[name].params]
    result = str(SIGNATURES[name].results[0])
    choices: list[list[tuple[int, ...]]] = [[(bits,) for bits in operands(kinds[0])]]
    if len(kinds) == 2:
        choices = [[(first, second) for second in operands(kinds[1])] for first in operands(kinds[0])]
    func = ours.exports[name]
    assert isinstance(func, FuncInst)
    for args in (args for row in choices for args in row):
        store.set_fuel(FUEL)
        mine = outcome_of_ours(func, args)
        other = outcome_of_theirs(store, theirs.exports(store)[name], func.type, args)
        # The sign of a NaN that is copied or negated is not left open.
        exact = name.endswith((".neg", ".abs", ".copysign")) or "reinterpret" in name or result[0] == "i"
        if isinstance(mine, list) and isinstance(other, list) and not exact:
            assert same(result, mine[0], other[0]), (args, mine, other)
        else:
            assert mine == other, args


WIDE = [op.name for op in ROWS if op.feature is Feature.WIDE_ARITHMETIC]


@pytest.mark.parametrize("name", WIDE)
def test_wide_arithmetic(name: str) -> None:
    signature = BY_NAME[name].signature
    assert isinstance(signature, Signature)
    count = len(signature.params)
    gets = " ".join(f"local.get {at}" for at in range(count))
    data = wat(f'(module (func (export "f") (param {"i64 " * count}) (result i64 i64) {gets} {name}))')
    store = wasmtime.Store(engine())
    theirs: Any = wasmtime.Instance(store, wasmtime.Module(engine(), data), []).exports(store)["f"]
    ours = instantiate(data).exports["f"]
    assert isinstance(ours, FuncInst)
    random = Random(name)
    for _ in range(2000):
        args = tuple(random.choice((*operands("i64"), random.getrandbits(64))) for _ in range(count))
        store.set_fuel(FUEL)
        assert outcome_of_ours(ours, args) == outcome_of_theirs(store, theirs, ours.type, args), args


# --- calls in both engines ------------------------------------------------------------------------------------------


def outcome_of_ours(func: FuncInst, args: tuple[int, ...]) -> list[int] | str:
    """The results as bits, or what the trap says."""
    try:
        return list(func.invoke(args))
    except Exhaustion:
        return "exhausted"
    except Trap as trap:
        return without_number(trap.message)


def outcome_of_theirs(store: wasmtime.Store, func: Any, type: FuncType, args: tuple[int, ...]) -> list[int] | str:
    """The same of wasmtime."""
    given = [to_wasmtime(str(param), bits) for param, bits in zip(type.params, args, strict=True)]
    try:
        results = func(store, *given)
    except wasmtime.Trap as trap:
        if trap.trap_code in (wasmtime.TrapCode.STACK_OVERFLOW, wasmtime.TrapCode.OUT_OF_FUEL):
            return "exhausted"
        return trap_text(trap.message)
    listed = [] if not type.results else [results] if len(type.results) == 1 else list(results)
    return [from_wasmtime(str(result), value) for result, value in zip(type.results, listed, strict=True)]


def trap_text(message: str) -> str:
    """The last line of wasmtime's report, in the suite's wording."""
    text = message.strip().splitlines()[-1].strip().removeprefix("1: ").removeprefix("wasm trap: ")
    text = text.replace("wasm `unreachable` instruction executed", "unreachable")
    return text.replace("undefined element: out of bounds table access", "undefined element")


def without_number(message: str) -> str:
    """A trap's message without the index it names."""
    return message.rstrip("0123456789").rstrip()


def to_wasmtime(kind: str, bits: int) -> int | float:
    """Bits as wasmtime's Python interface takes them."""
    if kind[0] == "f":
        size, code = (4, "<f") if kind == "f32" else (8, "<d")
        number: float = struct.unpack(code, bits.to_bytes(size, "little"))[0]
        return number
    return bits - MASKS[kind] - 1 if bits > MASKS[kind] >> 1 else bits


def from_wasmtime(kind: str, value: Any) -> int:
    """What wasmtime's Python interface returns, as bits."""
    if kind[0] == "f":
        size, code = (4, "<f") if kind == "f32" else (8, "<d")
        return int.from_bytes(struct.pack(code, value)[:size], "little")
    return int(value) & MASKS[kind]


# --- random functions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200))
def test_random_function(seed: int) -> None:
    data = wat(Generator(seed).text())
    ours = instantiate(data)
    store = wasmtime.Store(engine())
    theirs = wasmtime.Instance(store, wasmtime.Module(engine(), data), [])
    func = ours.exports["run"]
    assert isinstance(func, FuncInst)
    for args in ((0, 0), (1, 5), (0xFFFF_FFF9, 3), (0x7FFF_FFFF, 0xFFFF_FFFF)):
        store.set_fuel(FUEL)
        assert outcome_of_ours(func, args) == outcome_of_theirs(store, theirs.exports(store)["run"], func.type, args)
    memory = theirs.exports(store)["memory"]
    assert isinstance(memory, wasmtime.Memory)
    assert bytes(memory.read(store, 0, PAGE)) == ours.memories[0].snapshot()


# --- the corpus -----------------------------------------------------------------------------------------------------


class Pair:
    """One module in both engines, with hosts that answer alike."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.hosts = RecordingHost(1), RecordingHost(1)
        self.ours = instantiate(
            program, self.hosts[0].imports(program.module.imports), Store(StoreLimits(fuel=FUEL, depth=500))
        )
        self.store = wasmtime.Store(engine())
        self.store.set_fuel(FUEL)
        module = wasmtime.Module(engine(), program.module.source.data)
        self.theirs = wasmtime.Instance(self.store, module, [self.provide(item) for item in module.imports])

    def provide(self, item: wasmtime.ImportType) -> wasmtime.Func:
        """A host function of wasmtime's that answers like ours."""
        type, module, name = item.type, item.module, item.name or ""
        assert isinstance(type, wasmtime.FuncType)
        kinds = [str(param) for param in type.params]
        results = tuple(NUMBERS[str(result)] for result in type.results)

        def call(*args: Any) -> Any:
            bits = tuple(from_wasmtime(kind, arg) for kind, arg in zip(kinds, args, strict=True))
            answers = self.hosts[1].func(module, name, FuncType((), results)).invoke([])
            self.hosts[1].log[-1] = self.hosts[1].log[-1]._replace(args=bits)
            given = [to_wasmtime(str(kind), answer) for kind, answer in zip(results, answers, strict=True)]
            return given if len(given) > 1 else given[0] if given else None

        return wasmtime.Func(self.store, type, call)

    def call(self, export: Export, args: tuple[int, ...]) -> bool:
        """Call in both, compare everything; whether they can go on together."""
        func = self.ours.exports[export.name]
        assert isinstance(func, FuncInst)
        self.ours.store.refuel(FUEL)
        self.store.set_fuel(FUEL)
        mine = outcome_of_ours(func, args)
        other = outcome_of_theirs(self.store, self.theirs.exports(self.store)[export.name], func.type, args)
        if "exhausted" in (mine, other):
            return False
        place = export.name, args
        if isinstance(mine, list) and isinstance(other, list):
            kinds = [str(type) for type in func.type.results]
            assert all(map(same, kinds, mine, other)), (place, mine, other)
        else:
            assert mine == other, place
        assert [(each.name, *each.args) for each in self.hosts[0].log] == [
            (each.name, *each.args) for each in self.hosts[1].log
        ], place
        self.compare_state(place)
        return True

    def compare_state(self, place: object) -> None:
        """Exported memories and globals."""
        for export in self.program.module.exports:
            theirs = self.theirs.exports(self.store)[export.name]
            if isinstance(theirs, wasmtime.Memory):
                mine = self.ours.exports[export.name]
                size = theirs.data_len(self.store)
                assert isinstance(mine, MemoryInst)
                assert same_bytes(mine.snapshot(), bytes(theirs.read(self.store, 0, size))), place
            elif isinstance(theirs, wasmtime.Global):
                mine = self.ours.exports[export.name]
                assert isinstance(mine, GlobalInst)
                kind = str(mine.type.value)
                assert same(kind, mine.bits, from_wasmtime(kind, theirs.value(self.store))), place


def same_bytes(ours: bytes, theirs: bytes) -> bool:
    """Whether memories are the same but for the bits of NaNs that were stored."""
    if ours == theirs:
        return True
    starts = {at // 8 * 8 for at in range(len(ours)) if ours[at] != theirs[at]} if len(ours) == len(theirs) else {-1}
    return all(start >= 0 and _same_word(ours[start : start + 8], theirs[start : start + 8]) for start in starts)


def _same_word(ours: bytes, theirs: bytes) -> bool:
    def numbers(data: bytes, kind: str, size: int) -> list[tuple[str, int]]:
        return [(kind, int.from_bytes(data[at : at + size], "little")) for at in range(0, 8, size)]

    return any(
        all(same(kind, mine, other) for (kind, mine), (_, other) in zip(first, second, strict=True))
        for first, second in (
            (numbers(ours, "f64", 8), numbers(theirs, "f64", 8)),
            (numbers(ours, "f32", 4), numbers(theirs, "f32", 4)),
        )
    )


def calls(program: Program, seed: str) -> Iterator[tuple[Export, tuple[int, ...]]]:
    """Random calls of exported functions that take and give numbers only."""
    random = Random(seed)
    for export in program.module.exports:
        if not isinstance(export.item, Func) or export.item.imported:
            continue
        type = func_type(export.item.type)
        if any(str(each) not in MASKS for each in (*type.params, *type.results)):
            continue
        for _ in range(CALLS):
            yield export, tuple(argument(random, str(param)) for param in type.params)


def argument(random: Random, kind: str) -> int:
    """Something small, interesting, like an address, or anything; no NaN, which may not survive the way there."""
    if kind[0] == "f":
        number = random.choice(FLOATS)
        number = number if kind == "f64" or number < 3.4e38 else 1.0
        return int.from_bytes(struct.pack("<f" if kind == "f32" else "<d", number), "little")
    choice = random.randrange(4)
    if choice == 3:
        return random.getrandbits(32 if kind == "i32" else 64)
    options: tuple[int, ...] = (INTEGERS, (0, 1, 2, 3, 10), (1024, 4096, 65536, 1048576 - 64))[choice]
    return random.choice(options) & MASKS[kind]


CORPUS = ROOT / "corpus"
INVALID = {
    entry["file"]
    for entry in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    if "invalid" in entry
}
BUILT = {path.relative_to(CORPUS).as_posix(): path for path in sorted((CORPUS / "built").glob("*.wasm"))}


@pytest.mark.parametrize("name", sorted(INVALID))
def test_invalid_corpus_module(name: str) -> None:
    data = BUILT[name].read_bytes()
    with pytest.raises(InvalidError):
        Program(data)
    with pytest.raises(wasmtime.WasmtimeError):
        wasmtime.Module.validate(engine(), data)


@pytest.mark.parametrize("name", sorted(BUILT.keys() - INVALID))
def test_corpus_module(name: str) -> None:
    program = Program(BUILT[name].read_bytes())
    imports = program.module.imports
    if any(not isinstance(item, Func) for item in imports):
        pytest.skip("imports more than functions")
    types = {(item.origin, func_type(item.type)) for item in imports if isinstance(item, Func)}
    if len({name for name, _ in types}) < len(types):
        pytest.skip("imports one name with several types")
    try:
        pair = Pair(program)
        for export, args in calls(program, name):
            if not pair.call(export, args):
                pair = Pair(program)
    except LimitError as error:
        pytest.skip(error.message)
