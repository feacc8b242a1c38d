"""Functions that return through a pointer, and the wrappers that make true results of it.

For an export, a wrapper lends a frame on the linear stack, calls, and loads the results. For an import, a wrapper of
the old type calls the new import and stores its results. Not here: finding the stack pointer and layouts
(``analysis``), and what becomes of exports and uses (the pass).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..analysis import CatchForm, Layout, Slot, layout
from ..contract import Declaration, DeclaredType, Scalar
from ..errors import ConfigError, RewriteError
from ..isa.types import EXNREF, FuncType, NumType, ValType
from ..model import Catch, Func, Global, MemArg, Memory, Module
from .builder import Code
from .lookup import find_memory

FRAME_ALIGN: Final = 16
MAX_FRAME: Final = 1 << 16
"""More stack than this no result takes."""
_WORD: Final = 8
_CATCH_ALL_REF: Final = 3


@dataclass(frozen=True, slots=True)
class PointerReturn:
    """A function of type ``before`` that writes ``layout`` through parameter ``pointer`` into ``memory``."""

    before: FuncType
    layout: Layout
    pointer: int
    memory: Memory

    @property
    def address(self) -> NumType:
        """The type of pointers."""
        return self.memory.type.limits.address

    @property
    def after(self) -> FuncType:
        """The type of the function that returns the result by value."""
        params = self.before.params
        return FuncType(params[: self.pointer] + params[self.pointer + 1 :], self.layout.types)

    def arguments(self, pointer: int) -> list[int]:
        """Locals to call a function of the old type with: ``pointer`` holds the pointer, the rest are parameters."""
        rest = list(range(len(self.after.params)))
        return [*rest[: self.pointer], pointer, *rest[self.pointer :]]


def pointer_return(module: Module, before: FuncType, declared: Declaration, max_results: int) -> PointerReturn:
    """Check that a function of type ``before`` can return as ``declared``.

    Raises ``RewriteError``: it has results already, no pointer where one is expected, other parameters than declared,
    or the declared type is too large or cannot be laid out.
    """
    if declared.result is None:
        raise RewriteError("no result is declared")
    if declared.returns_nothing:
        empty = f"{declared.result} is empty, and no ABI returns an empty value through a pointer"
        raise RewriteError(f"{empty}; leave out 'result'")
    memory = find_memory(module, declared.memory)
    address = memory.type.limits.address
    found = PointerReturn(before, _layout(declared.result, address, max_results), declared.pointer, memory)
    if before.results:
        raise RewriteError(f"its type {before} has results already")
    if declared.pointer >= len(before.params) or before.params[declared.pointer] is not address:
        raise RewriteError(f"its type {before} has no {address} pointer as parameter {declared.pointer}")
    expected = _expected_params(declared, address)
    if expected is not None and expected != found.after.params:
        shown = " ".join(map(str, expected))
        raise RewriteError(f"its parameters {before} are not a pointer and the declared ones ({shown})")
    return found


def _layout(result: DeclaredType, address: NumType, max_results: int) -> Layout:
    try:
        found = layout(result, address)
    except ConfigError as error:
        raise RewriteError(error.message) from error
    if len(found.slots) > max_results:
        raise RewriteError(f"{len(found.slots)} results are more than max-results={max_results}")
    if max(found.size, found.align) > MAX_FRAME:
        raise RewriteError(f"a result of {found.size} bytes, aligned to {found.align}, is more than {MAX_FRAME} bytes")
    return found


def _expected_params(declared: Declaration, address: NumType) -> tuple[ValType, ...] | None:
    """The types of declared parameters; None where a struct among them leaves it to the compiler how it is passed."""
    if declared.params is None or not all(isinstance(each, Scalar) for each in declared.params):
        return None
    return tuple(slot.type for each in declared.params for slot in layout(each, address).slots)


def returns_already(before: FuncType, declared: Declaration) -> bool:
    """Whether a function of that type returns the declared result by value as it is."""
    if declared.result is None or not before.results:
        return False
    return any(before.results == layout(declared.result, each).types for each in _ADDRESSES)


def misdeclared(before: FuncType, declared: Declaration) -> str:
    """What is declared of a function that returns nothing through a pointer, but is not so; "" if all is."""
    if declared.by_value:
        return ""
    params = [_expected_params(declared, each) for each in _ADDRESSES]
    if None not in params and before.params not in params:
        return f"other parameters than its type {before} has"
    if declared.result is None or declared.returns_nothing:
        return ""
    results = [layout(declared.result, each).types for each in _ADDRESSES]
    return "" if before.results in results else f"another result than its type {before} has"


_ADDRESSES: Final = tuple(slot.type for text in ("i32", "i64") for slot in layout(Scalar(text)).slots)


def export_wrapper(
    found: PointerReturn, func: Func, stack_pointer: Global, zero: bool, catch: CatchForm | None = None
) -> Code:
    """A body of type ``found.after`` that lends ``func`` a frame and returns what it wrote there.

    ``zero``: clear the results first, so that what ``func`` leaves unwritten does not show old stack contents. The
    stack pointer gets its saved value back, whatever ``func`` did to it; with ``catch`` when it throws, too. Raises
    ``RewriteError`` if the stack pointer belongs to a memory of the other address type.
    """
    if stack_pointer.type.value is not found.address:
        raise RewriteError(
            f"the stack pointer is an {stack_pointer.type.value}, but its memory has {found.address} addresses"
        )
    code = Code(found.after.params)
    saved, frame = code.local(found.address), code.local(found.address)
    _enter(code, found, stack_pointer, saved, frame)
    if zero:
        for at in _words(found.layout):
            code.add("local.get", frame).add("i64.const", 0).add("i64.store", MemArg(3, at, found.memory))
    if catch == "try_table":
        code.add("block", EXNREF).add("try_table", None, (Catch(_CATCH_ALL_REF, None, 0),))
    elif catch == "try":
        code.add("try", None)
    code.call(func, found.arguments(frame))
    if catch == "try_table":
        code.add("end")
    elif catch == "try":
        code.add("catch_all").add("local.get", saved).add("global.set", stack_pointer).add("rethrow", 0).add("end")
    for slot in found.layout.slots:
        code.add("local.get", frame).add(slot.access.load, _memarg(slot, found, FRAME_ALIGN))
    code.add("local.get", saved).add("global.set", stack_pointer)
    if catch == "try_table":
        code.add("return").add("end").add("local.get", saved).add("global.set", stack_pointer).add("throw_ref")
    return code


def _enter(code: Code, found: PointerReturn, stack_pointer: Global, saved: int, frame: int) -> None:
    kind = found.address.name
    size = -(-found.layout.size // FRAME_ALIGN) * FRAME_ALIGN
    code.add("global.get", stack_pointer).add("local.tee", saved)
    code.add(f"{kind}.const", size).add(f"{kind}.sub")
    if found.layout.align > FRAME_ALIGN:
        code.add(f"{kind}.const", -found.layout.align).add(f"{kind}.and")
    code.add("local.tee", frame).add("global.set", stack_pointer)


def _words(shape: Layout) -> Iterator[int]:
    """Offsets of the 8-byte words that hold results; the frame is a multiple of that."""
    ends = ((slot.offset, slot.offset + slot.access.size - 1) for slot in shape.slots)
    touched = {at for first, last in ends for at in range(first // _WORD, last // _WORD + 1)}
    return (at * _WORD for at in sorted(touched))


def import_wrapper(found: PointerReturn, func: Func) -> Code:
    """A body of type ``found.before`` that calls ``func``, of type ``found.after``, and stores its results.

    Results come off the stack last first, each by way of a local; every store is as wide as its scalar.
    """
    code = Code(found.before.params)
    order = [at for at in range(len(found.before.params)) if at != found.pointer]
    code.call(func, order)
    spare: dict[ValType, int] = {}
    for slot in reversed(found.layout.slots):
        if slot.type not in spare:
            spare[slot.type] = code.local(slot.type)
        code.add("local.set", spare[slot.type]).add("local.get", found.pointer).add("local.get", spare[slot.type])
        code.add(slot.access.store, _memarg(slot, found, found.layout.align))
    return code


def _memarg(slot: Slot, found: PointerReturn, base: int) -> MemArg:
    """The operand of a load or store; its alignment is what can be known, ``base`` being that of the pointer."""
    known = min(slot.access.size, base, slot.offset & -slot.offset or base)
    return MemArg(known.bit_length() - 1, slot.offset, found.memory)
