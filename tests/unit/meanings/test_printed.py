"""Meanings printed as C: what is printed, what is refused, and, where there is a compiler, that both do the same."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tools.meanings_c import FILES, FOLDER, Meaning, Printer, Unprintable, all_meanings, header, meanings, trap_numbers
from wasmrewrite.errors import Trap
from wasmrewrite.isa.signature import Signature
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.meanings import NUMERIC, READS, TESTS, WRITES, convert, floating, form, integer, vocabulary
from wasmrewrite.runtime.values import bits_of_f64, f64_of_bits

TRAPS = frozenset(trap_numbers((FOLDER / "vocabulary.py").read_text("utf-8")))
PRINTED = {each.mnemonic: each for each in all_meanings()}


def printed(body: str, annotations: str = "a: Word, b: Word", returns: str = "Word") -> str:
    """The C function of a meaning."""
    source = f'@means("i32.add")\ndef add({annotations}) -> {returns}:\n    """Doc."""\n    {body}\n'
    (meaning,) = meanings("some.py", source)
    return Printer(meaning, TRAPS).text()


# --- what is printed --------------------------------------------------------------------------------------------------


def test_every_meaning_of_numbers_is_printed() -> None:
    missing = {*NUMERIC, *TESTS} - PRINTED.keys()
    assert missing == set(), f"no C for {sorted(missing)}"
    assert PRINTED.keys() == {*NUMERIC, *TESTS}
    text = header()
    for name in (*READS, *WRITES):
        assert f"X({name.replace('.', '_')}, " in text


def test_every_file_of_meanings_is_read_or_is_about_objects() -> None:
    others = {"__init__.py", "form.py", "vocabulary.py", "items.py", "memory.py", "reference.py"}
    assert {path.name for path in FOLDER.glob("*.py")} == {*FILES, *others}


def test_numbers_of_traps_are_those_of_the_vocabulary() -> None:
    numbers = trap_numbers((FOLDER / "vocabulary.py").read_text("utf-8"))
    assert numbers == {name: getattr(vocabulary, name) for name in numbers}
    assert len(numbers) > 3


def test_the_same_every_time() -> None:
    assert header() == header()


def test_shapes() -> None:
    assert printed("return (a + b) & MASK") == (
        "static inline u32 m_i32_add(u32 a, u32 b) {\n    return ((a + b) & 0xffffffffu);\n}"
    )
    assert printed("return a, 1 if b else 0", returns="tuple[Word, I64]") == (
        "static inline void m_i32_add(u32 a, u32 b, u32 *result0, u64 *result1) {\n"
        "    *result0 = a; *result1 = (b ? 1u : 0u); return;\n}"
    )
    assert "*trapped = TRAP_UNREACHABLE; return;" in printed("trap(UNREACHABLE)", "", "None")
    chain = printed("return 1 if BELOW_S < a < ABOVE_S else 0", "a: F64")
    assert "return (((-2147483649.0 < a) && (a < 2147483648.0)) ? 1u : 0u);" in chain


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return a ** b", "no such expression in C: a ** b"),
        ("return a.bit_length()", "no such expression in C"),
        ("return len(a)", "no such word in C: len"),
        ("return 0x1_0000_0000_0000_0000", "no such constant in C"),
        ("return 'a'", "no such constant in C"),
        ("return a in b", "no such comparison in C"),
        ("return 1 if a < b + 1 < a else 0", "a chain through more than a name"),
        ("c = a; return c", "no such statement in C: c = a"),
        ("c: str = a; return c", "no such type in C: str"),
        ("return", "no result"),
        ("return a, b", "no such expression in C"),
        ("for _ in a: pass", "no such statement in C"),
        ("trap(BOREDOM)", "no such reason to trap"),
        ("raise ValueError", "no such statement in C"),
        ("return c", "no such word in C: c"),
        ("return [a][b]", "no such expression in C"),
        ("return signed(a=a)", "no such expression in C"),
    ],
)
def test_what_is_outside_the_form_is_refused(body: str, why: str) -> None:
    with pytest.raises(Unprintable) as caught:
        printed(body)
    assert str(caught.value).startswith("some.py:")
    assert "i32.add" in str(caught.value)
    assert why in str(caught.value)


@pytest.mark.parametrize("annotations", ["a, b", "a: object", "a: list[int]"])
def test_parameters_need_a_type_of_c(annotations: str) -> None:
    with pytest.raises(Unprintable, match="no such type in C"):
        printed("return 0", annotations)


# --- both do the same -------------------------------------------------------------------------------------------------

COMPILER = shutil.which("gcc") or shutil.which("cc")
INTEGERS = (0, 1, 2, 7, 31, 32, 33, 63, 64, 0x7F, 0x80, 0xFF, 0x8000, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, 1 << 32,
            (1 << 53) + 1, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, (1 << 64) - 2, (1 << 64) - 1)  # fmt: skip
FLOATS = (0.0, 0.5, 1.0, 1.5, 2.5, 1e-310, 3e38, 1e300, float("inf"), 2.0**31, 2147483647.5, 2147483648.9,
          2147483649.0, 2.0**32, 4294967295.5, 2.0**52 + 1, 2.0**63, 9223372036854777856.0, 2.0**64)  # fmt: skip
NANS = {"f32": (0x7F80_0001, 0x7FC0_0000, 0xFFC0_0005), "f64": (0x7FF0 << 48 | 1, 0x7FF8 << 48, 0xFFF8 << 48 | 5)}


@cache
def operands(kind: str) -> list[int]:
    """Bits of a type that are worth trying, and some at random."""
    random = Random(kind)
    size = int(kind[1:])
    if kind[0] == "i":
        return [number & (1 << size) - 1 for number in INTEGERS] + [random.getrandbits(size) for _ in range(8)]
    numbers = [sign * each for each in FLOATS for sign in (1, -1)]
    bits = [_bits(kind, each) for each in numbers if size == 64 or not 3.5e38 < abs(each) < float("inf")]
    return [*bits, *NANS[kind], *(random.getrandbits(size) for _ in range(8))]


def _bits(kind: str, number: float) -> int:
    type = ctypes.c_float if kind == "f32" else ctypes.c_double
    return int.from_bytes(bytes(type(number)), "little")


def entry(meaning: Meaning, signature: Signature) -> str:
    """A C function that takes and gives registers of 64 bits, and says how a call ended."""
    function = meaning.function
    printer = Printer(meaning, TRAPS)
    types = [printer.type(each.annotation) for each in function.args.args]
    args = [_unpacked(type, f"args[{at}]") for at, type in enumerate(types)]
    result, pointers = printer.result(function.returns)
    declared = [pointer.replace("*", "") for pointer in pointers]
    extra = ["&" + each.split()[1] for each in declared] + (["trapped"] if printer.may_trap() else [])
    call = f"{meaning.name}({', '.join([*args, *extra])})"
    lines = [f"{each};" for each in declared]
    if result == "void":
        lines += [f"{call};"] + [f"out[{at}] = result{at};" for at in range(len(declared))]
    else:
        lines.append(f"{result} value = {call}; out[0] = {_packed(result, 'value')};")
    assert len(signature.results) == printer.results
    return f"void x{meaning.name}(u64 *args, u64 *out, int *trapped) {{ {' '.join(lines)} }}"


def _unpacked(type: str, text: str) -> str:
    return {"f32": f"f32_of_bits((u32){text})", "f64": f"f64_of_bits({text})"}.get(type, f"({type}){text}")


def _packed(type: str, text: str) -> str:
    return {"f32": f"bits_of_f32({text})", "f64": f"bits_of_f64({text})"}.get(type, f"(u64){text}")


def signature_of(mnemonic: str) -> Signature:
    """The row's."""
    found = BY_NAME[mnemonic].signature
    return found if isinstance(found, Signature) else Signature((), ())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """All meanings, compiled; undefined behaviour ends the process."""
    if COMPILER is None:
        pytest.skip("there is no C compiler")
    folder: Path = tmp_path_factory.mktemp("meanings")
    source = folder / "meanings.c"
    entries = [entry(each, signature_of(name)) for name, each in PRINTED.items()]
    source.write_text(header() + "\n".join(entries) + "\n", "utf-8")
    flags = ["-std=c99", "-O1", "-shared", "-fPIC", "-Wall", "-Werror", "-Wno-unused-function", "-ffp-contract=off",
             "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]  # fmt: skip
    subprocess.run([COMPILER, *flags, str(source), "-o", str(folder / "meanings.so"), "-lm"], check=True)
    return ctypes.CDLL(str(folder / "meanings.so"))


def in_python(mnemonic: str, args: tuple[int, ...]) -> list[int] | int:
    """What the plain machine makes of registers: results, or the number of a trap."""
    signature = signature_of(mnemonic)
    given = [f64_of_bits(arg) if str(type) == "f64" else arg for type, arg in zip(signature.params, args, strict=True)]
    try:
        found: Any = {**NUMERIC, **TESTS}[mnemonic](*given)
    except Trap as trap:
        return next(number for number, make in vocabulary._TRAPS.items() if make().message == trap.message)
    listed: list[Any] = [found] if len(signature.results) == 1 else list(found)
    return [
        bits_of_f64(each) if str(type) == "f64" else int(each)
        for type, each in zip(signature.results, listed, strict=True)
    ]


def in_c(library: ctypes.CDLL, mnemonic: str, args: tuple[int, ...]) -> list[int] | int:
    """The same in C."""
    out = (ctypes.c_uint64 * 4)()
    trapped = ctypes.c_int(0)
    getattr(library, "x" + PRINTED[mnemonic].name)((ctypes.c_uint64 * 4)(*args), out, ctypes.byref(trapped))
    return trapped.value or list(out[: len(signature_of(mnemonic).results)])


def cases(mnemonic: str) -> Iterator[tuple[int, ...]]:
    """Operands: all combinations of up to two, a choice of more."""
    kinds = [str(type) for type in signature_of(mnemonic).params]
    if len(kinds) <= 2:
        yield from product(*map(operands, kinds))
        return
    random = Random(mnemonic)
    for _ in range(2000):
        yield tuple(random.choice(operands(kind)) for kind in kinds)


def test_c_does_the_same(library: ctypes.CDLL) -> None:
    wrong = {}
    for mnemonic in PRINTED:
        for args in cases(mnemonic):
            mine, other = in_python(mnemonic, args), in_c(library, mnemonic, args)
            if mine != other:
                wrong[mnemonic] = (args, mine, other)
                break
    assert wrong == {}


def bound_to_something_faster() -> Iterator[tuple[str, object]]:
    """Mnemonics, each with the function whose body is printed, where Python calls another one."""
    for each in (value for module in (integer, floating, convert) for value in vars(module).values()):
        if isinstance(each, form.Meaning) and each.plain is not None:
            yield from form.spread({"it": form.Meaning(each.pattern, each.function, None)}, each.is_test).items()


def test_what_python_calls_in_place_of_a_meaning_does_the_same() -> None:
    wrong = set()
    found = dict(bound_to_something_faster())
    for mnemonic, function in found.items():
        kinds = [str(type) for type in signature_of(mnemonic).params]
        for args in product(*map(operands, kinds)):
            given = [f64_of_bits(arg) if kind == "f64" else arg for kind, arg in zip(kinds, args, strict=True)]
            if repr({**NUMERIC, **TESTS}[mnemonic](*given)) != repr(function(*given)):  # type: ignore[operator]
                wrong.add(mnemonic)
    assert wrong == set()
    assert len(found) > 30
