"""Small files made to cost much: each is a valid or nearly valid module under 64 KB, built to be large inside."""

from __future__ import annotations

from collections.abc import Callable

from tests.helpers.binary import custom, leb, module, section, text, vector
from wasmrewrite.fuzz.choices import Choices

ROOM = 60_000
"""Bytes that a bomb fills at most, about."""
VOID = b"\x60\x00\x00"
END = b"\x0b"
EXPORT = section(7, vector(text("f0") + b"\0\0"))
START = section(8, b"\x00")


def code(*bodies: bytes) -> bytes:
    """A code section of bodies with local declarations."""
    return section(10, vector(*(leb(len(each)) + each for each in bodies)))


def of_one_type(type: bytes, *bodies: bytes, between: tuple[bytes, ...] = (), after: tuple[bytes, ...] = ()) -> bytes:
    """A module of functions of one type."""
    funcs = section(3, vector(*(b"\x00" for _ in bodies)))
    return module(section(1, vector(type)), funcs, *between, code(*bodies), *after)


def deep_blocks(size: int) -> bytes:
    return of_one_type(VOID, b"\x00" + b"\x02\x40" * (size // 3) + END * (size // 3) + END)


def deep_ifs(size: int) -> bytes:
    return of_one_type(VOID, b"\x00" + b"\x41\x00\x04\x40" * (size // 6) + b"\x05" + END * (size // 6) + END)


def wide_blocks(size: int) -> bytes:
    """Blocks of a type with many parameters and results."""
    count = min(size // 4, 1000)
    wide = b"\x60" + leb(count) + b"\x7f" * count + leb(count) + b"\x7f" * count
    body = b"\x00" + b"\x41\x00" * count + b"\x02\x01\x0b" * ((size - 4 * count) // 3) + b"\x1a" * count + END
    return module(section(1, vector(VOID, wide)), section(3, vector(b"\x00")), code(body))


def many_results(size: int) -> bytes:
    """Calls that leave more and more operands."""
    count = min(size // 2, 1000)
    wide = b"\x60\x00" + leb(count) + b"\x7f" * count
    body = b"\x00" + b"\x10\x00" * ((size - count) // 2) + b"\x00" + END
    return module(section(1, vector(wide)), section(3, vector(b"\x00")), code(body))


def wide_branches(size: int) -> bytes:
    """A branch table each of whose labels carries many operands."""
    count = min(size // 3, 1000)
    wide = b"\x60\x00" + leb(count) + b"\x7f" * count
    targets = size - 3 * count
    body = b"\x00" + b"\x41\x00" * (count + 1) + b"\x0e" + leb(targets) + b"\x00" * targets + b"\x00" + END
    return module(section(1, vector(wide)), section(3, vector(b"\x00")), code(body))


def branch_table(size: int) -> bytes:
    return of_one_type(VOID, b"\x00\x41\x00\x0e" + leb(size) + b"\x00" * size + b"\x00" + END)


def many_branch_tables(size: int) -> bytes:
    return of_one_type(VOID, b"\x00" + b"\x41\x00\x0e\x00\x00" * (size // 5) + END)


def many_locals(size: int) -> bytes:
    runs = size // 4
    return of_one_type(VOID, leb(runs) + b"\xc3\x4f\x7f" * runs + END)


def most_locals(size: int) -> bytes:
    """As many functions as fit, each with as many locals as may be."""
    body = b"\x01" + leb(50_000) + b"\x7f" + END
    return of_one_type(VOID, *(body for _ in range(size // (len(body) + 2))))


def many_types(size: int) -> bytes:
    return module(section(1, vector(*(VOID for _ in range(size // 3)))))


def wide_types(size: int) -> bytes:
    wide = b"\x60" + leb(1000) + b"\x7f" * 1000 + leb(1000) + b"\x7e" * 1000
    return module(section(1, vector(*(wide for _ in range(size // len(wide))))))


def one_group(size: int) -> bytes:
    """One recursion group of types that name each other."""
    count = size // 7
    types = [b"\x5f\x01\x64" + leb(count - 1 - at) + b"\x00" for at in range(count)]
    return module(section(1, vector(b"\x4e" + vector(*types))))


def many_groups(size: int) -> bytes:
    """Recursion groups that are all alike."""
    return module(section(1, vector(*(b"\x4e\x01\x5f\x01\x63" + leb(at) + b"\x00" for at in range(size // 8)))))


def subtypes(size: int) -> bytes:
    """A long chain of subtypes."""
    first = b"\x50\x00\x60\x00\x00"
    return module(section(1, vector(first, *(b"\x50\x01" + leb(at) + VOID for at in range(size // 7)))))


def many_imports(size: int) -> bytes:
    entry = text("a") + text("b") + b"\0\0"
    return module(section(1, vector(VOID)), section(2, vector(*(entry for _ in range(size // 6)))))


def long_names(size: int) -> bytes:
    name = "\u202e" * (size // 20)
    entry = text(name) + text(name) + b"\0\0"
    return module(section(1, vector(VOID)), section(2, vector(*(entry for _ in range(3)))))


def many_exports(size: int) -> bytes:
    exports = vector(*(text(f"{at:x}") + b"\0\0" for at in range(size // 7)))
    return of_one_type(VOID, b"\x00\x0b", between=(section(7, exports),))


def many_calls(size: int) -> bytes:
    """Every function calls every other one through a table."""
    count = size // 16
    table = (section(4, vector(b"\x70\x00" + leb(count))),)
    funcs = vector(*(leb(at) for at in range(count)))
    elems = (section(9, vector(b"\x00\x41\x00\x0b" + funcs)),)
    body = b"\x00\x41\x00\x11\x00\x00\x0b"
    return of_one_type(VOID, *(body for _ in range(count)), between=(*table, EXPORT, *elems))


def chain(size: int) -> bytes:
    """Each function calls the next; the last one calls the first."""
    count = size // 9
    bodies = [b"\x00\x10" + leb((at + 1) % count) + END for at in range(count)]
    return of_one_type(VOID, *bodies, between=(EXPORT, START))


def huge_memory(size: int) -> bytes:
    memories = (b"\x00" + leb(65536), b"\x01\x00" + leb(65536), b"\x04" + leb(1 << 48))
    one = section(5, vector(*(memories[at % 2] for at in range(1 + size // 20_000))))
    body = b"\x00\x41\x00\x41\x00\x41\x7f\xfc\x0b\x00\x0b"
    return of_one_type(VOID, body, between=(one, EXPORT, START))


def huge_table(size: int) -> bytes:
    tables = section(4, vector(*(b"\x70\x00" + leb(0xFFFF_FFFF) for _ in range(1 + size // 30_000))))
    grow = b"\x00\xd0\x70\x41\x7f\xfc\x0f\x00\x1a\x0b"
    return of_one_type(VOID, grow, between=(tables, EXPORT, START))


def growing_table(_size: int) -> bytes:
    tables = section(4, vector(b"\x70\x00\x00"))
    grow = b"\x00\x03\x40\xd0\x70\x41" + b"\x80\x80\x80\x01" + b"\xfc\x0f\x00\x1a\x0c\x00\x0b\x0b"
    return of_one_type(VOID, grow, between=(tables, EXPORT, START))


def long_fill(_size: int) -> bytes:
    """A loop that fills a whole memory each time."""
    memory = section(5, vector(b"\x00" + leb(32)))
    body = b"\x00\x03\x40\x41\x00\x41\x01\x41" + b"\x80\x80\x80\x01" + b"\xfc\x0b\x00\x0c\x00\x0b\x0b"
    return of_one_type(VOID, body, between=(memory, EXPORT, START))


def for_ever(_size: int) -> bytes:
    return of_one_type(VOID, b"\x00\x03\x40\x0c\x00\x0b\x0b", between=(section(8, b"\x00"),))


def recursion(_size: int) -> bytes:
    return of_one_type(VOID, b"\x00\x10\x00\x0b", between=(EXPORT, START))


def many_segments(size: int) -> bytes:
    memory = section(5, vector(b"\x00\x01"))
    datas = section(11, vector(*(b"\x00\x41\x00\x0b\x00" for _ in range(size // 5))))
    return module(memory, datas)


def many_elems(size: int) -> bytes:
    elems = section(9, vector(*(b"\x00\x41\x00\x0b\x00" for _ in range(size // 5))))
    return module(section(4, vector(b"\x70\x00\x01")), elems)


def many_globals(size: int) -> bytes:
    """Each global is initialised by the one before."""
    first = b"\x7f\x00\x41\x00\x0b"
    return module(section(6, vector(first, *(b"\x7f\x00\x23" + leb(at) + END for at in range(size // 6)))))


def long_expression(size: int) -> bytes:
    """An initialiser that adds for long."""
    sums = b"\x41\x01" * (size // 3) + b"\x6a" * (size // 3 - 1)
    return module(section(6, vector(b"\x7f\x00" + sums + END)))


def many_names(size: int) -> bytes:
    names = vector(*(leb(at) + text("n") for at in range(size // 5)))
    return of_one_type(VOID, b"\x00\x0b", after=(custom("name", b"\x01" + leb(len(names)) + names),))


def many_customs(size: int) -> bytes:
    return module(*(custom("name" if at % 2 else ".debug_info", b"\0") for at in range(size // 14)))


def straight(size: int) -> bytes:
    return of_one_type(VOID, b"\x00" + b"\x41\x00\x1a" * (size // 3) + END, between=(EXPORT,))


def many_functions(size: int) -> bytes:
    return of_one_type(VOID, *(b"\x00\x0b" for _ in range(size // 4)))


def long_producers(size: int) -> bytes:
    values = vector(*(text("") + text("") for _ in range(size // 2)))
    return module(custom("producers", vector(text("language") + values)))


def dwarf_tree(size: int) -> bytes:
    """Debug information whose entries are nested as deep as they fit, and refer to each other."""
    abbreviations = b"\x01\x11\x01\x00\x00\x02\x39\x01\x00\x00\x00"
    entries = b"\x01" + b"\x02" * size + b"\x00" * 2
    unit = b"\x04\x00" + b"\x00\x00\x00\x00" + b"\x04" + entries
    info = len(unit).to_bytes(4, "little") + unit
    return of_one_type(VOID, b"\x00\x0b", after=(custom(".debug_abbrev", abbreviations), custom(".debug_info", info)))


BOMBS: tuple[Callable[[int], bytes], ...] = (
    deep_blocks, deep_ifs, wide_blocks, many_results, wide_branches, branch_table, many_branch_tables, many_locals,
    most_locals, many_types, wide_types, one_group, many_groups, subtypes, many_imports, long_names, many_exports,
    many_calls, chain, huge_memory, huge_table, growing_table, long_fill, for_ever, recursion, many_segments,
    many_elems, many_globals, long_expression, many_names, many_customs, straight, many_functions,
    long_producers, dwarf_tree,
)  # fmt: skip


def bomb(choices: Choices) -> bytes:
    """One of them, of some size."""
    return choices.pick(BOMBS)(choices.pick((ROOM, ROOM, 20_000, 3_000)))
