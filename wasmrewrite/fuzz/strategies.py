"""Hypothesis strategies: types, modules, interfaces, arguments and call scripts, all valid by construction.

They need the extra ``fuzz``. Every strategy draws from the same grammar as the seeded generator (``modules``), and
shrinks towards one function that returns a constant. Not here: the grammar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from ..contract import DeclaredType, Interface
from ..equiv import Call, Script, Value
from ..isa.types import FuncType, NumType, func_type
from ..model import Func, Module
from ..rewrite.config import PassEntry
from .choices import Choices
from .damage import damaged
from .declared import declared_type, function_type
from .modules import Subject, subject
from .mutate import mutated
from .recipes import entries
from .vocabulary import BITS, CONSTANTS, SCALARS
from .world import Shape

__all__ = [
    "arguments",
    "damaged_modules",
    "declared_types",
    "func_types",
    "functions",
    "interfaces",
    "modules",
    "mutants",
    "pipelines",
    "scripts",
    "subjects",
    "value_types",
]


class DrawnChoices(Choices):
    """Choices that Hypothesis makes, and makes plainer when something fails."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        super().__init__()
        self._draw = draw

    def answer(self, count: int) -> int:
        """As ``Choices.answer``."""
        return self._draw(st.integers(0, count - 1))


def value_types() -> st.SearchStrategy[NumType]:
    """i32, i64, f32 or f64."""
    return st.sampled_from(SCALARS)


@st.composite
def func_types(draw: st.DrawFn, most: int = 3) -> FuncType:
    """Function types with up to ``most`` parameters and results."""
    return function_type(DrawnChoices(draw), most)


@st.composite
def declared_types(draw: st.DrawFn) -> DeclaredType:
    """Structures that are returned through a pointer, some with offsets that are not C's."""
    return declared_type(DrawnChoices(draw))


@st.composite
def subjects(draw: st.DrawFn, shape: Shape | None = None) -> Subject:
    """Modules together with the interfaces that fit them."""
    return subject(DrawnChoices(draw), shape)


def modules(shape: Shape | None = None) -> st.SearchStrategy[bytes]:
    """Valid modules: scalar instructions of version 2.0, several memories and tables, globals, segments, all blocks.

    With the default ``shape`` calls end and do not trap; ``Shape(tame=False)`` allows both.
    """
    return subjects(shape).map(lambda each: each.data)


def functions(shape: Shape | None = None) -> st.SearchStrategy[bytes]:
    """Modules with a single function."""
    found = shape or Shape()
    alone = replace(found, funcs=1, imports=False, by_pointer=False, tables=False, segments=False, sections=False)
    return modules(alone)


def interfaces() -> st.SearchStrategy[Interface]:
    """Interfaces of generated modules."""
    return subjects().map(lambda each: each.interface)


@st.composite
def mutants(draw: st.DrawFn, corpus: list[bytes]) -> bytes:
    """Valid modules made of those in ``corpus`` by changes of structure."""
    return mutated(DrawnChoices(draw), draw(st.sampled_from(corpus)))


@st.composite
def damaged_modules(draw: st.DrawFn, corpus: list[bytes] | None = None) -> bytes:
    """Bytes that once were a module: of ``corpus``, else generated ones."""
    choices = DrawnChoices(draw)
    return damaged(choices, draw(st.sampled_from(corpus)) if corpus else subject(choices).data)


@st.composite
def pipelines(draw: st.DrawFn, names: tuple[str, ...], given: Subject) -> list[PassEntry]:
    """One to three passes of ``names`` with options that make sense for a module."""
    return entries(DrawnChoices(draw), names, {}, given)


@st.composite
def arguments(draw: st.DrawFn, type: FuncType) -> tuple[int, ...]:
    """Arguments of a function of scalars as unsigned bits: boundaries, and anything else."""
    return tuple(draw(_bits(each)) for each in type.params if isinstance(each, NumType))


def _bits(type: NumType) -> st.SearchStrategy[int]:
    plain = st.sampled_from([value % (1 << BITS[type]) for value in CONSTANTS[type]])
    return plain | st.integers(0, (1 << BITS[type]) - 1)


@st.composite
def scripts(draw: st.DrawFn, data: bytes, most: int = 8) -> Script:
    """Sequences of up to ``most`` calls to the exported functions of a module, for ``equiv.replay``."""
    found = [(each.name, each.item) for each in Module.from_bytes(data).exports if isinstance(each.item, Func)]
    found = [(name, item) for name, item in found if set(func_type(item.type).params) <= set(SCALARS)]
    calls = []
    for name, item in draw(st.lists(st.sampled_from(found), max_size=most)) if found else ():
        type, index = func_type(item.type), item.index0 or 0
        args = draw(arguments(type))
        values = tuple(Value(str(each), bits) for each, bits in zip(type.params, args, strict=True))
        calls.append(Call(name, index, index, values))
    return Script(str(draw(st.integers(0, 999))), tuple(calls))
