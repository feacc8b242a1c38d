"""What exported functions take and return, as debug information (DWARF 4 and 5) has it: proved, or refused.

A function is found by the offset of its body, and has to bear the export's name there: linkers give one body to several
functions, of which debug information describes one. Imports have no entries. Not here: reading entries
(``dwarf_entries``) and types (``dwarf_types``), and what to do with the outcome.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..contract import Array, Declaration, Scalar, Struct
from ..errors import MalformedError, RewriteError, WasmError
from ..isa.types import I32, I64, FuncType, NumType, ValType, func_type
from ..model import Body, Export, Func, Instr, Module
from .dwarf_entries import Budget, Entries, Entry, Unit
from .dwarf_types import Shape, Types

CODE_SECTION: Final = 10
WRAPPED: Final = ".command_export"
_ORIGINS: Final = 8
_GLANCE: Final = 1_000_000
"""Reads of debug information where it is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Described:
    """One exported function: what is declared of it, or why nothing can be.

    ``suspected``: it looks from outside as if it returned through a pointer. ``omitted``: it is refused because the
    module was built without what would describe it.
    """

    name: str
    declaration: Declaration | None
    reason: str = ""
    suspected: bool = False
    omitted: bool = False

    @property
    def by_pointer(self) -> bool:
        """Whether it is proved to return through a pointer."""
        return self.declaration is not None and self.declaration.by_value and self.suspected


class _Omitted(RewriteError):
    """The build left out what would describe a function."""


@dataclass(slots=True)
class _Function:
    """A function with code as its entry has it; ``params`` are entries of types, None where one is missing.

    ``typed``: its unit says of anything what type it has.
    """

    name: str | None
    result: Entry | None
    params: list[Entry | None] = field(default_factory=list)
    problem: WasmError | None = None
    typed: bool = True


class DebugLayouts:
    """What debug information says of exported functions, all or those in ``names``: ``exports``, in their order.

    Never raises for what sections hold: ``problem`` is why they could not be read (to the end).
    """

    def __init__(self, module: Module, budget: Budget | None = None, names: Collection[str] | None = None) -> None:
        self.problem: WasmError | None = None
        self._module = module
        self._base = _code_start(module)
        self._functions: dict[int, dict[str | None, list[_Function]]] = defaultdict(lambda: defaultdict(list))
        self._elsewhere: list[tuple[list[tuple[int, int]], str]] = []  # code whose entries another file has
        self._types = Types(module.memories[0].type.limits.address if module.memories else I32)
        wanted = (each for each in module.exports if names is None or each.name in names)
        exported = [each for each in wanted if isinstance(each.item, Func)]
        try:
            self._read(Entries(module, budget), exported)
        except WasmError as error:
            self.problem = error
        self.exports = tuple(self._described(each) for each in exported)

    @classmethod
    def glance(cls, module: Module, names: Collection[str]) -> DebugLayouts:
        """For some exports, and for a second or two only: more costs more than a check is worth."""
        return cls(module, Budget(reads=_GLANCE), names)

    def of(self, name: str) -> Described:
        """The outcome for one export. Raises ``RewriteError``: no function is exported so, or it is refused."""
        found = next((each for each in self.exports if each.name == name), None)
        if found is None:
            raise RewriteError(f"no function is exported as {name!r}")
        if found.declaration is None:
            raise RewriteError(f"debug information does not tell what export {name!r} returns: {found.reason}")
        return found

    # --- reading ----------------------------------------------------------------------------------------------------

    def _read(self, entries: Entries, exported: Iterable[Export]) -> None:
        wanted = {place for each in exported for place in self._places(each)}
        ordered = sorted(wanted)
        for unit in entries.units():
            if _touches(unit, ordered):
                if unit.elsewhere is not None:
                    self._elsewhere.append((unit.ranges() or [], unit.elsewhere))
                if unit.address_size != (8 if self._types.address is I64 else 4):
                    raise MalformedError(f"debug information has addresses of {unit.address_size} bytes")
                self._read_unit(unit, wanted)

    def _places(self, export: Export) -> list[int]:
        """Offsets of bodies as debug information counts them: the export's own, and the one behind a wrapper."""
        assert isinstance(export.item, Func)  # _read gets functions only
        funcs = [export.item, *_wrapped(export)]
        return [place for func in funcs if (place := self._place(func)) is not None]

    def _place(self, func: Func) -> int | None:
        span = func.origin.span if isinstance(func.origin, Body) else None
        return None if span is None else span[0] - self._base

    def _read_unit(self, unit: Unit, wanted: set[int]) -> None:
        current: tuple[int, _Function] | None = None
        here: list[_Function] = []
        typed = False
        for entry in unit.walk():
            typed = typed or entry.has("type")
            if current is not None and entry.depth <= current[0]:
                current = None
            if entry.tag == "subprogram" and entry.number("low_pc") in wanted:
                found = _function(entry)
                self._functions[entry.number("low_pc") or 0][found.name].append(found)
                here.append(found)
                current = (entry.depth, found) if not entry.has("abstract_origin") else None
            elif current is not None and entry.depth == current[0] + 1 and entry.tag == "formal_parameter":
                current[1].params.append(_target(entry))
        for found in here:
            found.typed = typed

    # --- judging ----------------------------------------------------------------------------------------------------

    def _described(self, export: Export) -> Described:
        func = export.item
        assert isinstance(func, Func)  # __init__ takes functions only
        type = func_type(func.type)
        suspected = not type.results and type.params[:1] == (self._types.address,)
        try:
            declaration = self._declared(export.name, type, self._function(export, func))
        except WasmError as error:
            return Described(export.name, None, error.message, suspected, isinstance(error, _Omitted))
        return Described(export.name, declaration, "", suspected)

    def _function(self, export: Export, func: Func) -> _Function:
        """The entry of an exported function. Raises ``RewriteError`` if there is none that bears its name."""
        found, other = self._entry(func, export.name)
        for inner in _wrapped(export) if found is None else ():
            found, other = self._entry(inner, export.name)
        if found is None and self.problem is not None:
            raise self.problem
        if found is None and other is not None:
            raise RewriteError(f"its body is described as {other!r}, which may be another function merged with it")
        if found is None:
            raise _Omitted(self._missing(export))
        if found.problem is not None:
            raise found.problem
        return found

    def _missing(self, export: Export) -> str:
        """Why there is no entry for it."""
        places = self._places(export)
        for ranges, file in self._elsewhere:
            if not ranges or any(start <= at < end for at in places for start, end in ranges):
                return f"it is described in another file, {file!r}; build without split debug information"
        return "debug information has no entry for it"

    def _entry(self, func: Func, name: str) -> tuple[_Function | None, str | None]:
        """The entry of a body that bears a name; and another name that one of its entries bears."""
        place = self._place(func)
        here = self._functions.get(place, {}) if place is not None else {}
        fitting = here.get(name, [])
        if len({each.result.key if each.result else None for each in fitting}) > 1:
            raise RewriteError("debug information describes it twice, unlike")
        return (fitting[0] if fitting else None), next((each for each in here if each is not None), None)

    def _declared(self, name: str, type: FuncType, found: _Function) -> Declaration:
        if not found.typed and (type.params or type.results):
            raise _Omitted("debug information has no types; build with -g (debuginfo=2), not with line tables only")
        shapes = [self._known(each) for each in found.params]
        params = tuple(shape.type for shape in shapes if shape is not None and isinstance(shape.type, Scalar))
        known = params if len(params) == len(shapes) else None
        if found.result is None:
            _check_params(type.params, shapes, self._types, 0)
            if type.results:
                raise RewriteError("debug information says it returns nothing, its type has results")
            return Declaration(name, params=known)
        result = self._types.shape(found.result)
        if type.results:
            _check_params(type.params, shapes, self._types, 0)
            return Declaration(name, params=known, result=self._direct(result, type).type)
        if not isinstance(result.type, Struct | Array) and result.size <= 8:
            raise RewriteError(f"debug information says it returns {result.type}, its type has no result")
        if type.params[:1] != (self._types.address,):
            raise RewriteError(f"its type has no pointer to return {result.type} through")
        _check_params(type.params, shapes, self._types, 1)
        return Declaration(name, params=known, result=result.type)

    def _direct(self, result: Shape, type: FuncType) -> Shape:
        """The shape of a result that is returned by value; a struct around one scalar is that scalar."""
        slots = self._types.layout(result.type).slots
        if tuple(slot.type for slot in slots) != type.results:
            raise RewriteError(f"debug information says it returns {result.type}, its type has other results")
        if len(slots) > 1:
            return result
        return Shape(Scalar(slots[0].scalar), result.size, result.align, 1)

    def _known(self, entry: Entry | None) -> Shape | None:
        """The shape of a parameter, None where it has no declared type."""
        try:
            return None if entry is None else self._types.shape(entry)
        except RewriteError:
            return None


def _code_start(module: Module) -> int:
    """Where the contents of the code section start: debug information counts from there (DWARF for WebAssembly)."""
    from ..codec import frame

    data = module.source.data
    return next((each.start for each in frame(data) if each.id == CODE_SECTION), 0) if data else 0


def _touches(unit: Unit, ordered: Sequence[int]) -> bool:
    """Whether a unit has code at one of some places, as far as it says where its code is."""
    ranges = unit.ranges()
    if ranges is None:
        return True
    return any(at < len(ordered) and ordered[at] < end for start, end in ranges for at in [bisect_left(ordered, start)])


def _function(entry: Entry) -> _Function:
    """Name and result of a subprogram; an inlined or declared one keeps both in another entry."""
    linked, plain, result = entry.text("linkage_name"), entry.text("name"), _target(entry)
    params: list[Entry | None] = []
    try:
        for _ in range(_ORIGINS):
            origin = entry.target("abstract_origin") or entry.target("specification")
            if origin is None:
                break
            if entry.has("abstract_origin"):
                params = [_target(each) for each in origin.children() if each.tag == "formal_parameter"]
            entry = origin
            linked, plain = linked or entry.text("linkage_name"), plain or entry.text("name")
            result = result or _target(entry)
    except WasmError as error:
        return _Function(None, None, problem=error)
    # A plain name repeats in other scopes; where there is a name for linking, only that one counts.
    return _Function(linked or plain or None, result, params)


def _target(entry: Entry) -> Entry | None:
    return entry.target("type")


def _wrapped(export: Export) -> list[Func]:
    """The function behind a wrapper that wasm-ld puts before an export to run constructors: the last it calls."""
    func = export.item
    if not isinstance(func, Func) or not isinstance(func.origin, Body) or func.name != export.name + WRAPPED:
        return []
    calls: list[Instr] = [each for each in func.origin.expr if each.op.name == "call"]
    found = [each.args[0] for each in calls if func_type(each.args[0].type) == func_type(func.type)]
    return [each for each in found if each.name in (None, export.name)]


def _check_params(params: Sequence[ValType], shapes: Sequence[Shape | None], types: Types, start: int) -> None:
    """Whether parameters from ``start`` on are those described: structs by pointer, in their parts, or not at all.

    Raises ``RewriteError``.
    """
    reached = {start}
    for shape in shapes:
        forms = _forms(shape, types)
        reached = {end for at in reached for form in forms for end in _after(params, at, form)}
    if len(params) not in reached:
        pointer = "a pointer and " if start else ""
        shown = ", ".join("a type without a declaration" if each is None else str(each.type) for each in shapes)
        found = " ".join(map(str, params))
        raise RewriteError(f"its parameters [{found}] are not {pointer}the described ones ({shown})")


def _after(params: Sequence[ValType], at: int, form: tuple[NumType, ...] | None) -> tuple[int, ...]:
    """Where a parameter ends that starts ``at`` and is passed in that form; nowhere if it is not."""
    if form is None:
        return (at + 1,) if at < len(params) else ()
    return (at + len(form),) if tuple(params[at : at + len(form)]) == form else ()


def _forms(shape: Shape | None, types: Types) -> list[tuple[NumType, ...] | None]:
    """As which values a parameter may be passed; None stands for one of any type."""
    if shape is None:
        return [None]
    parts = types.layout(shape.type).types
    return [parts] if isinstance(shape.type, Scalar) else [parts, (types.address,)]
