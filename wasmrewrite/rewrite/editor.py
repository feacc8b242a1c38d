"""``Editor``: the only way to change a module. It refuses what would break references, and remembers what was done.

Indices are nobody's business here: items refer to items, and writing renumbers. Not here: what a change claims about
behaviour (``claiming``), the order of passes (``pipeline``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_args

from ..analysis import References
from ..arguments import expect, expect_each
from ..contract import Interface
from ..errors import RewriteError
from ..isa.immediates import Space
from ..isa.types import (
    FuncType,
    GlobalType,
    MemoryType,
    NumType,
    RecGroup,
    RefType,
    TableType,
    TypeDef,
    ValType,
    func_type,
)
from ..model import (
    Body,
    Custom,
    Data,
    Export,
    Exportable,
    Expr,
    Func,
    Global,
    Import,
    Instr,
    Item,
    Memory,
    Module,
    Table,
    Tag,
)
from ..model.edit import set_body, set_data, set_export, set_import, set_init, set_name, set_type
from ..model.operands import exchanged
from .base import ModulePass
from .claiming import Calls, History, Meant, NoLongerCalls, input_index
from .features import with_feature

Fact = TypeVar("Fact")
_TYPES: Final[dict[Space, type]] = {
    Space.FUNC: TypeDef,
    Space.TABLE: TableType,
    Space.MEMORY: MemoryType,
    Space.GLOBAL: GlobalType,
    Space.TAG: TypeDef,
}


_EXPORTABLE: Final = (Func, Table, Memory, Global, Tag)
_AN_ITEM: Final = "an item of the module"
_AN_EXPORT: Final = "an export of the module"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of ``--verbose``: which pass did what, and on what evidence. A ``warning`` is told unasked."""

    pass_name: str
    what: str
    why: str = ""
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.pass_name}: {self.what}" + (f" ({self.why})" if self.why else "")


class Editor:
    """Changes one module.

    ``interface`` is what the user declared of its imports and exports; ``made`` are functions with new code, each with
    the name of the pass whose code it is. ``retyped`` is whether more than that can have become invalid.
    """

    def __init__(self, module: Module, interface: Interface | None = None) -> None:
        expect(module, Module, "a Module")
        self.module = module
        self.interface = interface or Interface()
        self.notes: list[Note] = []
        self.meant: list[Meant] = []
        self.history = History()
        self._pass: ModulePass | None = None
        self._facts: dict[type[Any], Any] = {}
        self.made: dict[Func, str] = {}
        self.retyped = False

    # --- for pipelines ----------------------------------------------------------------------------------------------

    def begin(self, running: ModulePass | None) -> None:
        """Say which pass is running from now on."""
        expect(running, (ModulePass, type(None)), "a pass, or None")
        self._pass = running

    def ask(self, kind: type[Fact]) -> Fact:
        """An analysis of the module as it is now, remembered until an edit. The pass has to list it in ``needs``."""
        expect(kind, type, "a class of analysis")
        if self._pass is not None and kind not in self._pass.needs:
            raise RewriteError(f"pass {self._pass.pass_name()} asks for {kind.__name__} without needing it")
        if kind not in self._facts:
            make: Any = kind
            self._facts[kind] = make(self.module)
        fact: Fact = self._facts[kind]
        return fact

    def note(self, what: str, why: str = "") -> None:
        """Tell ``--verbose`` what was done, or left alone, and why."""
        expect(what, str, "text")
        self.notes.append(Note(self._pass_name, what, why))

    def warn(self, what: str, why: str = "") -> None:
        """Tell everybody what may go wrong with the result, and why."""
        expect(what, str, "text")
        self.notes.append(Note(self._pass_name, what, why, warning=True))

    @property
    def _pass_name(self) -> str:
        return self._pass.pass_name() if self._pass else ""

    def claim(self, meant: Meant) -> None:
        """Claim something about behaviour. What was renamed, added and removed is claimed without asking."""
        expect(meant, get_args(Meant), "a claim")
        if isinstance(meant, Calls):
            input_index(meant.func, "the function to run at instantiation")
            if NoLongerCalls(meant.func) in self.meant and self.module.start is meant.func:
                # What an earlier pass took away is back, and nothing else runs: as if neither pass had been.
                self.meant.remove(NoLongerCalls(meant.func))
                return
        self.meant.append(meant)

    def declare_stack_pointer(self, item: Global) -> None:
        """Say that the *user* named this global as stack pointer; never for one that was found."""
        expect(item, Global, "a global of the module")
        self.history.stack_pointer = input_index(item)

    def _edited(self, *sections: str) -> None:
        """Forget facts that the running pass does not keep, and note sections whose entries changed."""
        keeps = self._pass.keeps if self._pass else ()
        self._facts = {kind: fact for kind, fact in self._facts.items() if kind in keeps}
        self.module.edits.touched.update(sections)

    # --- types and functions ----------------------------------------------------------------------------------------

    def type(self, params: Sequence[ValType], results: Sequence[ValType] = ()) -> TypeDef:
        """A function type: one the module has if it is final and stands alone, else a new one at the end."""
        takes, gives = (expect_each(each, (NumType, RefType), "value types") for each in (params, results))
        wanted = FuncType(takes, gives)
        for typedef in self.module.types:
            if typedef.composite == wanted and _plain(typedef):
                return typedef
        made = RecGroup().add(TypeDef(wanted))
        self.module.types.append(made)
        self._edited()
        return made

    def add_func(
        self, type: TypeDef, local_runs: Sequence[tuple[int, ValType]], instrs: Iterable[Instr], name: str | None = None
    ) -> Func:
        """Append a function; nothing is renumbered. ``name`` shows if the module has a name section."""
        _function_type(type)
        local_runs = _runs(local_runs)
        func = Func(type, Body.of(local_runs, Expr.of(instrs)))
        set_name(func, name)
        self.module.funcs.append(func)
        self.made[func] = self._pass_name
        self._edited()
        return func

    def set_body(self, func: Func, local_runs: Sequence[tuple[int, ValType]], instrs: Iterable[Instr]) -> None:
        """Give a defined function other code; instructions taken over from its old code keep their bytes."""
        expect(func, Func, "a function of the module")
        local_runs = _runs(local_runs)
        if not isinstance(func.origin, Body):
            raise RewriteError(f"{func!r} is imported: it has no body to change")
        base = func.origin.expr
        set_body(self.module, func, Body.of(local_runs, Expr.of(instrs, base.base or base)))
        self.made[func] = self._pass_name
        self._edited()

    def set_type(self, item: Exportable, type: TypeDef | TableType | MemoryType | GlobalType) -> None:
        """Give an item another type of its kind. Its uses and its body are for the caller to put right."""
        expect(item, _EXPORTABLE, _AN_ITEM)
        wanted = _TYPES[item.space]
        if not isinstance(type, wanted):
            raise RewriteError(f"expected a {wanted.__name__} for a {item.space.value}, found a {_kind(type)}")
        if isinstance(type, TypeDef):
            _function_type(type)
        set_type(self.module, item, type)
        if item not in self.module.edits.redirected:  # else everything that used it uses another function now
            self.retyped = True
        self._edited()

    def set_init(self, item: Global, init: Iterable[Instr]) -> None:
        """Give a defined global another initial value."""
        expect(item, Global, "a global of the module")
        if not isinstance(item.origin, Expr):
            raise RewriteError(f"{item!r} is imported: it has no initial value to change")
        set_init(self.module, item, Expr.of(init))
        self.retyped = True
        self._edited()

    def set_data(self, item: Data, data: bytes) -> None:
        """Give a data segment other contents."""
        expect(item, Data, "a data segment of the module")
        expect(data, (bytes, bytearray, memoryview), "bytes")
        set_data(self.module, item, data)
        self._edited()

    def rename(self, item: Item, name: str) -> None:
        """Give an item another name in the name section. Raises ``RewriteError`` if the module has none."""
        expect(item, Item, _AN_ITEM)
        expect(name, str, "a name")
        if not any(custom.name == "name" for custom in self.module.customs):
            raise RewriteError(f"{item!r} cannot be named: the module has no name section")
        set_name(item, name)
        self._edited()

    def add_global(self, type: GlobalType, init: Iterable[Instr], name: str | None = None) -> Global:
        """Append a global."""
        expect(type, GlobalType, "a GlobalType")
        made = Global(type, Expr.of(init))
        set_name(made, name)
        self.module.globals.append(made)
        self.retyped = True
        self._edited()
        return made

    # --- imports ----------------------------------------------------------------------------------------------------

    def add_import(self, module: str, name: str, type: TypeDef, first: bool = False) -> Func:
        """Import a function, behind the other imports or ``first``; every function behind it moves by one."""
        _function_type(type)
        for word in (module, name):
            expect(word, str, "a name")
        func = Func(type, Import(module, name))
        place = 0 if first else sum(each.imported for each in self.module.funcs)
        self.module.funcs.insert(place, func)
        self.module.imports.insert(0 if first else len(self.module.imports), func)
        self._edited()
        return func

    def rename_import(self, item: Item, origin: Import) -> None:
        """Import an item under another name."""
        expect(item, Item, _AN_ITEM)
        expect(origin, Import, "an Import")
        if not isinstance(item, Func | Table | Memory | Global | Tag) or not isinstance(item.origin, Import):
            raise RewriteError(f"{item!r} is not imported")
        if item.index0 is not None:
            self.history.imports.setdefault(item, item.origin)
        set_import(self.module, item, origin)
        self._edited()

    # --- exports and start ------------------------------------------------------------------------------------------

    def export(self, name: str, item: Exportable) -> Export:
        """Export an item. Raises ``RewriteError`` if the name is taken."""
        expect(item, _EXPORTABLE, _AN_ITEM)
        self._free(name)
        made = Export(name, item)
        self.module.exports.append(made)
        self._edited()
        return made

    def _free(self, name: str) -> None:
        expect(name, str, "a name")
        if self.module.export(name) is not None:
            raise RewriteError(f"there is an export {name!r} already")

    def retarget(self, export: Export, item: Exportable) -> None:
        """Let an export name another item."""
        expect(export, Export, _AN_EXPORT)
        expect(item, _EXPORTABLE, _AN_ITEM)
        self.history.export_items.setdefault(export, export.item)
        set_export(self.module, export, item=item)
        self._edited()

    def rename_export(self, export: Export, name: str) -> None:
        """Give an export another name. Raises ``RewriteError`` if it is taken."""
        expect(export, Export, _AN_EXPORT)
        self._free(name)
        self.history.exports.setdefault(export, export.name)
        set_export(self.module, export, name)
        self._edited()

    def remove_export(self, export: Export) -> None:
        """Take a name out of the exports; the item stays. Raises ``RewriteError`` if the module does not have it."""
        expect(export, Export, _AN_EXPORT)
        if export not in self.module.exports:
            raise RewriteError(f"the module has no {export!r}")
        self.module.exports.remove(export)
        self._edited("export")

    def set_start(self, func: Func | None) -> None:
        """Make ``func``, of type [] -> [], the start function, or have none."""
        expect(func, (Func, type(None)), "a function of the module, or None")
        if func is not None and func_type(func.type) != FuncType():
            raise RewriteError(f"a start function takes and returns nothing, this one is {func_type(func.type)}")
        self.module.start = func
        self._edited()

    def remove_start(self) -> Func:
        """Have no start function; return the one there was. Raises ``RewriteError`` if there was none.

        What earlier passes claimed that instantiation calls is claimed no more.
        """
        func = self.module.start
        if func is None:
            raise RewriteError("the module has no start function")
        self.set_start(None)
        self.meant = [each for each in self.meant if not isinstance(each, Calls)]
        original = self.module.source.start()
        if original is not None and NoLongerCalls(original) not in self.meant:
            self.meant.append(NoLongerCalls(original))
        return func

    # --- references -------------------------------------------------------------------------------------------------

    def redirect(self, old: Func, new: Func) -> None:
        """From now on every use of ``old`` means ``new``: in code, segments, initialisers, exports, the start section.

        Not in ``new`` itself, nor in what is added afterwards. Raises ``RewriteError``: types differ, or uses would go
        round in a circle.
        """
        expect(old, Func, "a function of the module")
        expect(new, Func, "a function of the module")
        edits = self.module.edits
        if old is new or edits.target(new) is old:
            raise RewriteError(f"{old!r} cannot be redirected to what is redirected to it")
        before, after = func_type(old.type), func_type(new.type)
        if before != after:
            raise RewriteError(f"uses of a function of type {before} cannot mean one of type {after}")
        if old not in edits.redirected:
            edits.redirected[old] = new
        for export in self.module.exports:
            if export.item is old:
                self.retarget(export, new)
        if self.module.start is old:
            self.module.start = new
        for func in self.made:
            if func is not new and isinstance(func.origin, Body):
                set_body(self.module, func, Body.of(func.origin.locals, _replaced(func.origin.expr, old, new)))
        for each in self.module.globals:
            if isinstance(each.origin, Expr) and each.origin.span is None:
                set_init(self.module, each, _replaced(each.origin, old, new))
        self._edited()

    def remove(self, item: Func | Table | Memory | Global | Tag) -> None:
        """Delete an item. Raises ``RewriteError`` naming a use if something still mentions it."""
        expect(item, _EXPORTABLE, _AN_ITEM)
        use = References(self.module).first(item)
        if use is not None:
            raise RewriteError(f"{item!r} is still used by {use}")
        spaces: tuple[list[Any], ...] = (
            self.module.funcs,
            self.module.tables,
            self.module.memories,
            self.module.globals,
            self.module.tags,
            self.module.imports,
        )
        for items in spaces:
            if item in items:
                items.remove(item)
        self.made = {func: maker for func, maker in self.made.items() if func is not item}
        self._edited()

    # --- custom sections --------------------------------------------------------------------------------------------

    def remove_custom(self, custom: Custom) -> None:
        """Leave a custom section out. Raises ``RewriteError`` if the module does not have it."""
        expect(custom, Custom, "a custom section of the module")
        if custom not in self.module.customs:
            raise RewriteError(f"the module has no {custom!r}")
        self.module.customs.remove(custom)
        self._edited()

    def replace_custom(self, custom: Custom, data: bytes, why: str) -> None:
        """Give a custom section other contents."""
        expect(custom, Custom, "a custom section of the module")
        expect(data, (bytes, bytearray, memoryview), "bytes")
        custom.replace(data)
        self.history.customs[custom.name] = why
        self._edited()

    def add_feature(self, name: str) -> None:
        """Put ``+name`` into the ``target_features`` section, if the module has one that can be read."""
        expect(name, str, "a name")
        custom = next((each for each in self.module.customs if each.name == "target_features"), None)
        if custom is None:
            return
        contents = with_feature(custom.data, name)
        if contents is not None:
            self.replace_custom(custom, contents, f"it lists the feature {name} now")
            self.note(f"listed the feature {name} in target_features")


def _function_type(typedef: TypeDef) -> None:
    expect(typedef, TypeDef, "a type of the module", "Editor.type finds or makes one")
    func_type(typedef)


def _runs(local_runs: Any) -> tuple[tuple[int, ValType], ...]:
    """Pairs of count and type. Raises ``TypeError``."""
    runs = expect_each(local_runs, tuple, "pairs (count, type) of locals")
    for run in runs:
        if len(run) != 2 or not isinstance(run[0], int) or not isinstance(run[1], NumType | RefType):
            raise TypeError(f"expected pairs (count, type) of locals, found {run!r}")
    return runs


def _kind(value: object) -> str:
    return type(value).__name__


def _plain(typedef: TypeDef) -> bool:
    """Whether a type is what ``(type (func ...))`` defines: final, without supertypes, alone in its group."""
    return typedef.final and not typedef.supers and len(typedef.group.types) == 1


def _replaced(expr: Expr, old: Item, new: Item) -> Expr:
    """``expr`` with operands exchanged; what it took over from old bytes is left to writing, which keeps widths."""
    kept = {id(each) for each in expr.base.instrs} if expr.base is not None else set()
    return Expr.of((each if id(each) in kept else exchanged(each, old, new) for each in expr), expr.base)
