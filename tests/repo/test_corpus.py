"""The corpus is what its manifest says: files, hashes, licences, validity, and the declared types of results.

Declared layouts are held against the debug information that the compilers wrote, with code of this file only.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.every import every
from tests.repo.tree import ROOT
from wasmrewrite.contract.interface import Array, DeclaredType, Scalar, Struct, parse_type

CORPUS = ROOT / "corpus"
TOTAL_SIZE = 3_000_000
FILE_SIZE = 300 * 1024
WRITTEN_KEYS = {"file", "source", "purpose", "compiler", "flags"}
COMPUTED_KEYS = {"origin", "toolchain", "licences", "features", "size", "sha256"}
OPTIONAL_KEYS = {"invalid", "interface"}

# Modules that no engine accepts, kept because real compilers make them.
INVALID = {"built/multiply.1.63-O3-mv.wasm"}

# Directories that only exist on somebody's machine. The one exception is where the distribution built its library.
MACHINE_PATH = re.compile(rb"/(work|tmp|root|home|opt|mnt|Users|usr(?!/src/rustc-1\.63\.0/))/")

ENTRIES: list[dict[str, Any]] = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
INTERFACES = sorted((CORPUS / "interfaces").glob("*.toml"))


def by_file(entry: dict[str, Any]) -> str:
    """The file's name, as a test's name."""
    return str(entry["file"]).removeprefix("built/")


def contents(entry: dict[str, Any]) -> bytes:
    """The module's bytes."""
    return (CORPUS / str(entry["file"])).read_bytes()


def test_every_module_is_listed_once() -> None:
    listed = [entry["file"] for entry in ENTRIES]
    assert listed == sorted(path.relative_to(CORPUS).as_posix() for path in (CORPUS / "built").iterdir())


def test_every_source_is_used() -> None:
    paths = [path for folder in ("rust", "c", "wat") for path in (CORPUS / folder).iterdir()]
    assert {entry["source"] for entry in ENTRIES} == {path.relative_to(CORPUS).as_posix() for path in paths}


def test_every_interface_is_used() -> None:
    files = {path.relative_to(CORPUS).as_posix() for path in INTERFACES}
    assert {entry["interface"] for entry in ENTRIES if "interface" in entry} == files


def test_the_corpus_is_small() -> None:
    sizes = [path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()]
    assert sum(sizes) <= TOTAL_SIZE
    assert max(sizes) <= FILE_SIZE


@every("entry", ENTRIES, ids=by_file)
def test_the_manifest_is_complete_and_true(entry: dict[str, Any]) -> None:
    data = contents(entry)
    assert set(entry) - OPTIONAL_KEYS == WRITTEN_KEYS | COMPUTED_KEYS
    assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert entry["origin"] == "our own source"
    assert re.search(r"\d+\.\d+\.\d+", entry["toolchain"]), "the exact version"
    assert len(entry["purpose"].splitlines()) == 1


@every("entry", ENTRIES, ids=by_file)
def test_compiled_in_libraries_have_a_licence(entry: dict[str, Any]) -> None:
    assert bool(entry["licences"]) == entry["source"].startswith("rust/")
    assert all(re.fullmatch(r"[\w, -]+: [\w.() -]+", line) for line in entry["licences"])


@every("entry", ENTRIES, ids=by_file)
def test_no_module_names_a_place_on_somebodys_machine(entry: dict[str, Any]) -> None:
    assert MACHINE_PATH.search(contents(entry)) is None


@cache
def engine() -> Any:
    """wasmtime with every feature of the standard's third edition, and threads."""
    import wasmtime

    config = wasmtime.Config()
    for feature in (
        "threads", "tail_call", "gc", "function_references", "exceptions", "memory64", "multi_memory", "simd",
        "relaxed_simd", "bulk_memory", "reference_types", "multi_value",
    ):  # fmt: skip
        setattr(config, f"wasm_{feature}", True)
    return wasmtime.Engine(config)


@every("entry", ENTRIES, ids=by_file)
def test_wasmtime_accepts_what_is_valid(entry: dict[str, Any]) -> None:
    wasmtime = pytest.importorskip("wasmtime")
    assert (entry["file"] in INVALID) == bool(entry.get("invalid")), "an invalid module says why"
    if entry["file"] in INVALID:
        with pytest.raises(wasmtime.WasmtimeError, match="type mismatch"):
            wasmtime.Module.validate(engine(), contents(entry))
    else:
        wasmtime.Module.validate(engine(), contents(entry))


# Declared interfaces

Leaves = list[tuple[str, int]]  # (letter and bits, offset) in the order of declaration


def declarations(file: str, kind: str) -> list[dict[str, Any]]:
    """The ``export`` or ``import`` entries of an interface file."""
    tables: list[dict[str, Any]] = tomllib.loads((CORPUS / file).read_text("utf-8")).get(kind, [])
    return tables


def through_pointer(declared: DeclaredType | None) -> bool:
    """Whether C and Rust return such a result through a pointer."""
    return declared is not None and (not isinstance(declared, Scalar) or declared.name.endswith("128"))


def result_of(entry: dict[str, Any]) -> DeclaredType | None:
    """The declared result, if there is one."""
    return parse_type(entry["result"]) if "result" in entry else None


def layout(declared: DeclaredType) -> tuple[Leaves, int, int]:
    """Leaves, size and alignment of a declared type by the rules of C, or as stated."""
    if isinstance(declared, Scalar):
        return scalar_layout(declared.name)
    if isinstance(declared, Array):
        inner, size, align = layout(declared.element)
        leaves = [(kind, i * size + at) for i in range(declared.count) for kind, at in inner]
        return leaves, declared.count * size, align
    leaves = []
    end, most = 0, 1
    for field in declared.fields:
        inner, size, align = layout(field.type)
        start = -(-end // align) * align if field.offset is None else field.offset
        leaves += [(kind, start + at) for kind, at in inner]
        end, most = max(end, start + size), max(most, align)
    most = declared.align or most
    return leaves, declared.size or -(-end // most) * most, most


def scalar_layout(name: str) -> tuple[Leaves, int, int]:
    """The same of a scalar: its kind as debug information tells it."""
    kind = {"bool": "b8", "char": "c32", "ptr": "p32"}.get(name, name.replace("i", "s"))
    size = int(kind[1:]) // 8
    return [(kind, 0)], size, size


def core_signature(function: Any) -> tuple[list[str], list[str]]:
    """Parameters and results of an imported or exported function, as text."""
    return [str(t) for t in function.type.params], [str(t) for t in function.type.results]


@pytest.mark.parametrize("entry", [e for e in ENTRIES if "interface" in e and e["file"] not in INVALID], ids=by_file)
def test_declared_functions_have_the_signature_of_their_declaration(entry: dict[str, Any]) -> None:
    wasmtime = pytest.importorskip("wasmtime")
    module = wasmtime.Module(engine(), contents(entry))
    exports = {e.name: e for e in module.exports}
    imports = {(e.module, e.name): e for e in module.imports}
    pairs = [(declared, exports[declared["name"]]) for declared in declarations(entry["interface"], "export")]
    pairs += [(d, imports[d["module"], d["name"]]) for d in declarations(entry["interface"], "import")]
    for declared, found in pairs:
        params, results = core_signature(found)
        result = result_of(declared)
        assert len(results) == (result is not None and not through_pointer(result)), declared["name"]
        if through_pointer(result):
            assert params[0] == ("i64" if entry["source"] == "wat/memory64.wat" else "i32"), declared["name"]
        if "params" in declared:
            wide = sum(text.endswith("128") for text in declared["params"])
            assert len(params) == len(declared["params"]) + wide + through_pointer(result), declared["name"]


# Debug information

LETTERS = {2: "b", 4: "f", 5: "s", 6: "s", 7: "u", 8: "u", 16: "c"}  # by DW_ATE value

# Results whose declaration is wider than what the source says: unions, payloads, bit-fields.
OPAQUE = {"option_u32", "option_i64", "enum_payload", "maybe_uninit", "make_bits"}


def custom_sections(data: bytes) -> dict[str, bytes]:
    """Custom sections by name."""

    def number(at: int) -> tuple[int, int]:
        value = shift = 0
        while data[at] & 0x80:
            value |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
        return value | data[at] << shift, at + 1

    found: dict[str, bytes] = {}
    at = 8
    while at < len(data):
        code = data[at]
        size, start = number(at + 1)
        at = start + size
        if code == 0:
            length, start = number(start)
            found[data[start : start + length].decode()] = data[start + length : at]
    return found


def debug_information(data: bytes) -> Any:
    """pyelftools' view of a module's debug sections."""
    from elftools.dwarf.dwarfinfo import DebugSectionDescriptor, DwarfConfig, DWARFInfo

    sections = custom_sections(data)
    given: dict[str, Any] = {}
    for name in inspect.signature(DWARFInfo.__init__).parameters:
        raw = sections.get("." + name.removesuffix("_sec"))
        if name.endswith("_sec"):
            given[name] = None if raw is None else DebugSectionDescriptor(io.BytesIO(raw), name, 0, len(raw), 0)
    return DWARFInfo(config=DwarfConfig(little_endian=True, default_address_size=4, machine_arch="wasm"), **given)


def leaves_of(die: Any, at: int = 0) -> Leaves:
    """What ``layout`` says of a declared type, from a type's entry in the debug information."""
    while die.tag == "DW_TAG_typedef":
        die = die.get_DIE_from_attribute("DW_AT_type")
    if die.tag == "DW_TAG_pointer_type":
        return [("p32", at)]
    if die.tag == "DW_TAG_base_type":
        return [(LETTERS[die.attributes["DW_AT_encoding"].value] + str(8 * size_of(die)), at)]
    if die.tag == "DW_TAG_array_type":
        element = die.get_DIE_from_attribute("DW_AT_type")
        count = next(die.iter_children()).attributes["DW_AT_count"].value
        return [leaf for i in range(count) for leaf in leaves_of(element, at + i * size_of(element))]
    assert die.tag == "DW_TAG_structure_type", die.tag
    leaves: Leaves = []
    for member in die.iter_children():
        if member.tag == "DW_TAG_member":
            start = at + member.attributes["DW_AT_data_member_location"].value
            leaves += leaves_of(member.get_DIE_from_attribute("DW_AT_type"), start)
    return leaves


def size_of(die: Any) -> int:
    """The size of a type in bytes."""
    while die.tag == "DW_TAG_typedef":
        die = die.get_DIE_from_attribute("DW_AT_type")
    if die.tag == "DW_TAG_array_type":
        element = die.get_DIE_from_attribute("DW_AT_type")
        return size_of(element) * int(next(die.iter_children()).attributes["DW_AT_count"].value)
    return int(die.attributes["DW_AT_byte_size"].value)


def result_types(data: bytes) -> dict[str, Any]:
    """The result type of every function with code, under its plain and its linkage name."""
    found: dict[str, Any] = {}
    for unit in debug_information(data).iter_CUs():
        for die in unit.iter_DIEs():
            if die.tag == "DW_TAG_subprogram" and "DW_AT_low_pc" in die.attributes:
                found |= named_result(die)
    return found


def named_result(die: Any) -> dict[str, Any]:
    """A function's result type under its names; methods keep both in another entry."""
    origin = die.get_DIE_from_attribute("DW_AT_specification") if "DW_AT_specification" in die.attributes else die
    if "DW_AT_type" not in origin.attributes:
        return {}
    keys = ("DW_AT_name", "DW_AT_linkage_name")
    names = [origin.attributes[key].value.decode() for key in keys if key in origin.attributes]
    return dict.fromkeys(names, origin.get_DIE_from_attribute("DW_AT_type"))


DEBUGGED = [e for e in ENTRIES if "interface" in e and "dwarf" in e["features"] and "-Cdebuginfo=1" not in e["flags"]]


@pytest.mark.parametrize("entry", DEBUGGED, ids=by_file)
def test_declared_layouts_agree_with_debug_information(entry: dict[str, Any]) -> None:
    pytest.importorskip("elftools")
    types = result_types(contents(entry))
    results = {d["name"]: result_of(d) for d in declarations(entry["interface"], "export")}
    declared = {name: result for name, result in results.items() if result is not None and through_pointer(result)}
    if "-O0" in entry["file"]:
        assert set(declared) <= set(types), "unoptimised, every export has an entry of its own"
    for name in set(declared) & set(types):
        leaves, size, _ = layout(declared[name])
        assert size_of(types[name]) == size, name
        assert name in OPAQUE or leaves_of(types[name]) == leaves, name


def test_the_layout_of_a_declared_type() -> None:
    # So that the test above cannot pass by computing nothing.
    declared = parse_type("(u8 @8, (a: i16, b: bool) @0, [f32; 2] @12; size 24, align 8)")
    assert isinstance(declared, Struct)
    assert layout(declared) == ([("u8", 8), ("s16", 0), ("b8", 2), ("f32", 12), ("f32", 16)], 24, 8)


@pytest.mark.parametrize("path", INTERFACES, ids=lambda path: Path(path).name)
def test_interfaces_are_written_in_known_types(path: Path) -> None:
    tables = tomllib.loads(path.read_text("utf-8"))
    assert set(tables) <= {"export", "import"}
    for entry in [entry for table in tables.values() for entry in table]:
        assert set(entry) <= {"module", "name", "params", "result", "pointer", "memory"}
        assert result_of(entry) is None or str(result_of(entry)) == entry["result"]
        assert [str(parse_type(text)) for text in entry.get("params", [])] == entry.get("params", [])
