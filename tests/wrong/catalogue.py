"""All wrong rewrites, in families: which makers work on which right rewrites. The order never changes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tests.helpers.rewrites import DEMO
from tests.helpers.wat import wat
from tests.wrong import in_code, in_sections, lies, published
from tests.wrong.rights import Right, must
from tests.wrong.surgery import Patient
from tests.wrong.wrong import Wrong, some
from wasmrewrite.contract import Contract, Declaration, Interface, parse_type

MOST = 1000

BY_VALUE = (
    "two_i64s.1.96-O3", "two_i64s.1.63-O0", "two_i64s.1.96-Os-stripped", "returns.1.96-O3", "params.1.96-Os-stripped",
    "paths.1.96-O3", "wide.1.96-O3", "structs.clang14-O2", "multiply.1.96-O3", "merged.1.96-O2", "init.1.96-O3",
    "recursion.wat", "stacks.wat", "multimemory.wat", "memory64.wat", "aliases.wat", "tables.wat", "ctors.1.96-O3",
)  # fmt: skip
BY_VALUE_IMPORTS = (
    "imports.1.96-O3", "imports.1.63-O0", "two_i64s.1.96-O3", "wide.1.96-O3", "structs.clang14-O2", "multimemory.wat",
    "memory64.wat", "tables.wat",
)  # fmt: skip
OLD_CODE = ("multiply.1.96-O3", "params.1.96-O3", "paths.1.96-Os-stripped", "returns.1.96-O3", "wide.1.96-O3", "init.1.96-O3")
STARTED = ("init.1.96-O3", "aliases.wat", "start.wat", "start_import.wat", "two_i64s.1.96-O3", "memory64.wat")
SECTIONED = (
    ("two_i64s.1.96-O3", "mv"), ("imports.1.96-O3", "rename"), ("init.1.96-O3", "start"), ("tables.wat", "all"),
    ("statics.1.96-O3", "strip"), ("multimemory.wat", "mv"), ("start.wat", "first"), ("merged.1.96-O2", "first"),
    ("aliases.wat", "mv-suffix"),
)  # fmt: skip
MOVED = ("tables.wat", "imports.1.96-O3", "start.wat", "merged.1.96-O2", "aliases.wat", "multiply.1.96-O0", "paths.1.96-O3")
UNWRITTEN = ("returns.1.96-O3", "returns.1.96-O1", "returns.1.96-Os-stripped")
"""Newer compilers leave the payload of an empty option unwritten."""
LIED = (
    ("two_i64s.1.96-O3", "mv"), ("returns.1.96-O3", "mv"), ("imports.1.96-O3", "mv"), ("wide.1.96-O3", "mv-suffix"),
    ("init.1.96-O3", "start"), ("init.1.96-O3", "start-mv"), ("tables.wat", "all"), ("imports.1.96-O3", "rename"),
)  # fmt: skip
SMALL = ("two_i64s.1.96-O3",)
"""In others it takes many calls to find out that an excuse hides everything."""


def demo() -> Right:
    """The pair that other tests of the judge use, with what its user declares."""
    declared = [("get_two", "(i64, i64)", None), ("small", "(u8 @4, u32 @0, i16 @6)", None), ("get_two", "(i64, i64)", "js")]
    entries = [Declaration(name, module, result=parse_type(result)) for name, result, module in declared]
    return Right("demo/mv", wat(DEMO.before), wat(DEMO.after), DEMO.contract or Contract(), Interface(tuple(entries[:2]), tuple(entries[2:])))


def _picked(found: list[int], count: int) -> list[int]:
    """``count`` of them, from all over."""
    return found[:: max(1, len(found) // count)][:count] if found else []


def wrappers() -> Iterator[Wrong]:
    for number, name in enumerate(BY_VALUE):
        right = must(name, "mv-suffix" if number % 5 == 4 else "mv")
        for index in _picked(right.wrappers(), 2):
            yield from in_code.changed(right, index, in_code.WRAPPER)
            yield from some(in_code.other_callees(right, index), 1)
            yield from some(in_code.swapped_params(right, index), 1)


def unprotected() -> Iterator[Wrong]:
    """Where callees use the stack, and two where they do not."""
    right = must("paths.1.96-O0", "mv")
    for index in _picked(right.wrappers(), 4):
        yield from in_code.changed(right, index, in_code.UNPROTECTED)
    for name in ("two_i64s.1.96-O3", "multimemory.wat"):
        right = must(name, "mv")
        yield from in_code.changed(right, right.wrappers()[0], in_code.UNPROTECTED)


def loads() -> Iterator[Wrong]:
    """Every wrapper of the module with the most kinds of fields."""
    right = must("returns.1.96-Os-stripped", "mv")
    for index in right.wrappers()[1::2]:
        yield from in_code.changed(right, index, (in_code.other_load, in_code.swapped_loads, in_code.load_off_by_one))


def unwritten() -> Iterator[Wrong]:
    for name in UNWRITTEN:
        right = must(name, "mv")
        for index in right.wrappers():
            if _export_of(right, index) in ("option_u32", "option_i64"):
                yield from in_code.zeroing(right, index)
    for index in demo().wrappers()[1:]:
        yield from in_code.zeroing(demo(), index)


def _export_of(right: Right, index: int) -> str:
    module = Patient(right.after).module
    return next(each.name for each in module.exports if each.item is module.funcs[index])


def masks() -> Iterator[Wrong]:
    """Results that are aligned to more than stacks are."""
    for name in ("returns.1.96-O3", "returns.1.63-O3", "returns.1.96-O0"):
        right = must(name, "mv")
        for index in right.wrappers():
            if _export_of(right, index) == "struct_align32":
                yield from in_code.changed(right, index, (in_code.no_mask, in_code.weak_mask))


def shims() -> Iterator[Wrong]:
    for name in BY_VALUE_IMPORTS:
        right = must(name, "mv")
        for index in _picked(right.shims(), 2):
            yield from in_code.changed(right, index, in_code.SHIM)
            yield from some(in_code.other_callees(right, index), 1)
            yield from some(in_code.swapped_params(right, index), 1)
        for missed in right.contract.redirected[:1]:
            yield from in_code.missed(right, missed.old, missed.new)


def starts() -> Iterator[Wrong]:
    for name in STARTED:
        right = must(name, "start")
        yield from in_sections.starts(right)
        for index in right.starters():
            yield from in_code.changed(right, index, in_code.STARTER)


def old_code() -> Iterator[Wrong]:
    for number, name in enumerate(OLD_CODE):
        right = must(name, ("strip", "mv", "first")[number % 3])
        for index in _picked(in_code.exported(right), 3):
            yield from in_code.changed(right, index, in_code.OLD)


def sections() -> Iterator[Wrong]:
    for name, pipeline in SECTIONED:
        right = must(name, pipeline)
        for maker in (
            in_sections.starts, in_sections.exports, in_sections.imports, in_sections.tables, in_sections.segments,
            in_sections.globals_and_limits, in_sections.more_globals, in_sections.customs,
        ):  # fmt: skip
            yield from some(maker(right), 6)


def moved() -> Iterator[Wrong]:
    for name in MOVED:
        yield from some(in_code.not_renumbered(must(name, "first")), 5)


def about_results() -> Iterator[Wrong]:
    for name, pipeline in LIED:
        yield from lies.results(must(name, pipeline))
    yield from lies.results(demo())


def about_claims() -> Iterator[Wrong]:
    for name, pipeline in LIED:
        yield from lies.claims(must(name, pipeline))
        yield from lies.instantiation(must(name, pipeline))


def about_maps() -> Iterator[Wrong]:
    for name, pipeline in LIED:
        yield from lies.maps(must(name, pipeline))


def excuses() -> Iterator[Wrong]:
    for name, pipeline in LIED[:6]:
        if name in SMALL:
            yield from lies.hidden(must(name, pipeline))
        yield from lies.neighbours(must(name, pipeline))


FAMILIES: Mapping[str, Callable[[], Iterator[Wrong]]] = {
    "wrappers": wrappers,
    "unprotected": unprotected,
    "loads": loads,
    "unwritten": unwritten,
    "masks": masks,
    "shims": shims,
    "starts": starts,
    "old-code": old_code,
    "sections": sections,
    "moved": moved,
    "kinds": published.kinds,
    "published": published.published,
    "lies-about-results": about_results,
    "lies-about-claims": about_claims,
    "lies-about-maps": about_maps,
    "excuses": excuses,
}


@cache
def family(name: str) -> tuple[Wrong, ...]:
    """The wrong rewrites of one family."""
    return tuple(some((each for each in FAMILIES[name]() if _does_something(each)), MOST))


def _does_something(each: Wrong) -> bool:
    return each.lying or each.before != each.after
