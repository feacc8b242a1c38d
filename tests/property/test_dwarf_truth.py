"""What debug information proves of an export is what its source declares, or it is refused.

The truth comes from the text of the sources and, where Rust leaves offsets to the compiler, from running the function;
nothing here reads debug information but the code under test.
"""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.helpers import sources
from tests.helpers.external import ROOT
from wasmrewrite.analysis import DebugLayouts, Described
from wasmrewrite.contract import Array, DeclaredType, Scalar, Struct
from wasmrewrite.equiv.by_value.layouts import layout
from wasmrewrite.interp import instantiate
from wasmrewrite.model import Module

CORPUS = ROOT / "corpus"
ENTRIES: list[dict[str, Any]] = [
    entry
    for entry in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    if "dwarf" in entry["features"] and "-Cdebuginfo=1" not in entry["flags"]
]
UNSAYABLE = {
    "rust/returns.rs": {"one_nonzero", "option_u32", "option_i64", "enum_payload", "maybe_uninit"},
    "c/structs.c": {"make_bits", "make_number"},
}
MERGED = {
    "built/merged.1.96-O3-g.wasm": {"unsigned_pair": "signed_pair", "second_name": "first_name"},
    "built/returns.1.63-O3-g.wasm": {"struct_unsigned": "struct_signed"},
    "built/returns.1.96-O3-g.wasm": {"struct_unsigned": "struct_signed"},
}
"""What is refused because its body belongs to another function, too."""


def of_file(entry: dict[str, Any]) -> str:
    return str(entry["file"])


def read(entry: dict[str, Any]) -> bytes:
    return (CORPUS / of_file(entry)).read_bytes()


def wide(entry: dict[str, Any]) -> int:
    """How that compiler aligns 128-bit integers."""
    return 8 if entry["compiler"] == "rustc-1.63" else 16


def names(declared: DeclaredType) -> Iterator[tuple[str | int | None, ...]]:
    """The members on the way to each scalar."""
    if isinstance(declared, Scalar):
        yield ()
    elif isinstance(declared, Array):
        yield from ((at, *path) for at in range(declared.count) for path in names(declared.element))
    else:
        yield from ((each.name, *path) for each in declared.fields for path in names(each.type))


def test_the_sources_are_read_in_full() -> None:
    for entry in ENTRIES:
        exported = {export.name for export in Module.from_bytes(read(entry)).exports}
        assert set(sources.exported(entry["source"])) <= exported
    assert sum(len(sources.exported(entry["source"])) for entry in ENTRIES) > 250


@pytest.mark.parametrize("entry", ENTRIES, ids=of_file)
def test_nothing_is_refused_but_what_cannot_be_said_or_is_merged(entry: dict[str, Any]) -> None:
    debug = DebugLayouts(Module.from_bytes(read(entry)))
    refused = {each.name: each.reason for each in debug.exports if each.declaration is None}
    merged = MERGED.get(of_file(entry), {})
    assert set(refused) == UNSAYABLE.get(entry["source"], set()) | set(merged)
    for name, other in merged.items():
        assert refused[name] == f"its body is described as {other!r}, which may be another function merged with it"


@pytest.mark.parametrize("entry", ENTRIES, ids=of_file)
def test_what_is_declared_is_what_the_source_says(entry: dict[str, Any]) -> None:
    known = sources.exported(entry["source"])
    found = [each for each in DebugLayouts(Module.from_bytes(read(entry))).exports if each.declaration is not None]
    assert found
    for each in found:
        function = known.pop(each.name)
        assert_params(each, function)
        assert_result(each, function, wide(entry))


def assert_params(each: Described, function: sources.Function) -> None:
    assert each.declaration is not None
    if all(isinstance(param, sources.Scalar) for param in function.params):
        assert each.declaration.params is not None
        assert [str(param) for param in each.declaration.params] == [
            param.name for param in function.params if isinstance(param, sources.Scalar)
        ]
    else:
        assert each.declaration.params is None


def assert_result(each: Described, function: sources.Function, wide: int) -> None:
    assert each.declaration is not None
    declared = each.declaration.result
    if function.result is None:
        assert declared is None
        assert not each.by_pointer
        return
    assert declared is not None
    truth, ours = sources.lay_out(function.result, wide), layout(declared)
    assert [leaf.scalar for leaf in ours.leaves] == truth.scalars
    assert each.by_pointer == (len(truth.scalars) > 1 or truth.scalars[0] in ("u128", "i128"))
    if each.by_pointer:
        assert [tuple(path) for path in names(declared)] in (truth.paths, strings_named(truth.paths))
    if truth.offsets is not None:
        assert [leaf.offset for leaf in ours.leaves] == truth.offsets
        assert ours.size == truth.size or not each.by_pointer
        # Debug information does not say how 128-bit integers are aligned; more than needed does no harm.
        assert ours.align in (truth.align, 16 if "28" in "".join(truth.scalars) else truth.align)
    else:
        assert_possible(ours)


def strings_named(paths: list[tuple[str | int | None, ...]]) -> list[tuple[str | int | None, ...]]:
    """What rustc calls the members of a string, which has none in the source."""
    return [("data_ptr",), ("length",)] if paths == [(None,), (None,)] else paths


def assert_possible(ours: Any) -> None:
    """Members of a layout that the compiler chose are aligned and apart."""
    taken: set[int] = set()
    for leaf in ours.leaves:
        covered = set(range(leaf.offset, leaf.offset + leaf.size))
        assert not covered & taken
        assert leaf.offset % min(leaf.size, ours.align) == 0
        taken |= covered
    assert max(taken) < ours.size
    assert ours.size % ours.align == 0


# --- running ----------------------------------------------------------------------------------------------------------

POINTER = 512
TEXT = b"borrowed"


def single(number: float) -> float:
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def unsigned(number: int, bits: int) -> int:
    return number & ((1 << bits) - 1)


def signed(number: int, bits: int) -> int:
    return (number + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))


VALUES: dict[str, tuple[tuple[Any, ...], Callable[..., tuple[Any, ...]]]] = {
    "tuple_i64_i64": ((3, -9), lambda x, y: (y, x)),
    "tuple_mixed": ((0x1_2345_6789,), lambda x: (signed(x, 32), signed(~x, 64), single(x), x * 0.25)),
    "tuple_narrow": ((0x8765_43F1,), lambda x: (x & 0xFF, x >> 4 & 0xFFFF, unsigned(~x, 32))),
    "tuple_u8_u64": ((0x1FF3,), lambda x: (x >> 1 & 0xFF, x, signed(x >> 2, 8))),
    "tuple_nested": ((0x00AB_CDE7,), lambda x: (x & 0xFF, x >> 2 & 0xFFFF, unsigned(~x, 32), 1)),
    "array_of_pairs": ((0x1234_56,), lambda x: (x & 0xFF, x, x >> 8 & 0xFF, unsigned(~x, 32))),
    "tuple_first": ((200, 1.5), lambda a, b: (a + 1, -b)),
    "rust_abi_pair": ((77,), lambda x: (x, ~x)),
    "tuple_wide": ((12345,), lambda x: (x, -x)),
    "get_two_i64s": ((), lambda: (-1, -2)),
    "init_with_pair": ((), lambda: (1, 5)),
    "runs_and_square": ((), lambda: (1, 1)),
}
"""Arguments, and what the source says is returned, for results whose layout is the compiler's choice."""
ELSEWHERE = {"text", "point_moved"}
"""Such results that the next tests look at."""
FORMATS = {
    "bool": "<B", "u8": "<B", "i8": "<b", "u16": "<H", "i16": "<h", "u32": "<I", "i32": "<i", "ptr": "<I",
    "f32": "<f", "u64": "<Q", "i64": "<q", "f64": "<d",
}  # fmt: skip


def chosen(entry: dict[str, Any]) -> list[Described]:
    """The exports of which the source does not say where members lie."""
    known = sources.exported(entry["source"])
    found = []
    for each in DebugLayouts(Module.from_bytes(read(entry))).exports:
        if each.by_pointer:
            result = known[each.name].result
            assert result is not None
            found += [each] if sources.lay_out(result, 8).offsets is None else []
    return found


def members(instance: Any, declared: DeclaredType | None) -> tuple[Any, ...]:
    """What lies at ``POINTER``, by the offsets of debug information and the standard library's idea of numbers."""
    assert isinstance(declared, Struct | Array)
    memory, values = instance.memories[0], []
    for leaf in layout(declared).leaves:
        raw = bytes(memory.read(POINTER + leaf.offset, leaf.size))
        if leaf.size == 16:
            values.append(int.from_bytes(raw, "little", signed=leaf.scalar == "i128"))
        else:
            values.append(struct.unpack(FORMATS[leaf.scalar], raw)[0])
    return tuple(values)


def run(entry: dict[str, Any]) -> Any:
    module = Module.from_bytes(read(entry))
    nothing: dict[str, dict[str, Any]] = {}
    for item in module.imports:
        origin: Any = item.origin
        nothing.setdefault(origin.module, {})[origin.name] = lambda *arguments: None
    return instantiate(module, nothing)


@pytest.mark.parametrize("entry", ENTRIES, ids=of_file)
def test_members_lie_where_the_function_writes_them(entry: dict[str, Any]) -> None:
    for each in chosen(entry):
        if each.name in ELSEWHERE:
            continue
        arguments, expected = VALUES[each.name]
        instance = run(entry)
        assert instance.exports[each.name](POINTER, *arguments) is None
        assert each.declaration is not None
        assert members(instance, each.declaration.result) == expected(*arguments)


@pytest.mark.parametrize("name", ["params.1.96-O0-g.wasm", "params.1.96-O3-g.wasm"])
def test_a_tuple_from_a_method(name: str) -> None:
    entry = next(each for each in ENTRIES if of_file(each) == f"built/{name}")
    [described] = [each for each in chosen(entry) if each.name == "point_moved"]
    instance = run(entry)
    instance.memories[0].write(1024, struct.pack("<qq", 40, -7))
    instance.exports["point_moved"](POINTER, 1024, 3)
    assert described.declaration is not None
    assert members(instance, described.declaration.result) == (43, -10)


@pytest.mark.parametrize("entry", [each for each in ENTRIES if each["source"] == "rust/returns.rs"], ids=of_file)
def test_a_string_is_an_address_and_a_length(entry: dict[str, Any]) -> None:
    [described] = [each for each in chosen(entry) if each.name == "text"]
    instance = run(entry)
    instance.exports["text"](POINTER)
    assert described.declaration is not None
    address, length = members(instance, described.declaration.result)
    assert bytes(instance.memories[0].read(address, length)) == TEXT
