"""Turn functions that return through a pointer into true multi-value functions.

Before: ``(export "pair" (func $pair))``, ``$pair`` being ``(param i32)``: a pointer to a buffer for the result
After: ``(export "pair" (func $wrapper))``, ``$wrapper`` being ``(result i64 i64)``; ``$pair`` is unchanged

An export gets a wrapper that allocates a result buffer on the stack. An import gets the new type, and a function of the
old type that replaces it in all calls inside the module. Results must be declared, in the options or in a declarations
file; nothing is guessed. Debug information counts as a declaration with ``layouts=dwarf``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wasmrewrite.analysis import (
    Catching,
    DebugLayouts,
    Described,
    Doubts,
    ImportDoubts,
    differing,
    find_stack_pointer,
    layout,
)
from wasmrewrite.contract import Declaration, Interface
from wasmrewrite.rewrite import (
    ByValue,
    Code,
    Editor,
    Export,
    Func,
    Global,
    Import,
    Module,
    ModulePass,
    PointerReturn,
    Promise,
    RewriteError,
    Wanted,
    export_wrapper,
    find_export,
    func_type,
    import_wrapper,
    imports_of,
    misdeclared,
    option,
    pointer_return,
    returns_already,
    unknown_imports,
)


@dataclass(frozen=True, slots=True)
class MultiValue(ModulePass):
    """Return declared results by value. Without ``export`` and ``import``, all results in the declarations file."""

    needs = (Catching, DebugLayouts, Doubts, ImportDoubts)
    keeps = (Catching,)
    promises = Promise.IDEMPOTENT

    export: tuple[str, ...] = option(help="export to convert, with its result type", show="NAME=TYPE", default=())
    import_: tuple[str, ...] = option(
        help="import to convert, with its result type", show="MODULE.NAME=TYPE", default=()
    )
    original_export: Literal["hide", "suffix", "keep"] = option(
        help="what happens to the original export: hide it, export it with a suffix, or keep its name", default="hide"
    )
    suffix: str = option(help="suffix for the second export", default="_by_pointer")
    stack_pointer: str | None = option(help="stack-pointer global, by index or name", default=None)
    memory: str | None = option(help="memory that holds the results, if the module has several", default=None)
    pointer: int = option(help="position of the pointer among the parameters", default=0)
    max_results: int = option(help="maximum number of values to return", default=16)
    layouts: Literal["declared", "dwarf"] = option(
        help="dwarf: use layouts from debug information for exports that are not declared",
        default="declared",
    )
    zero_buffer: bool = option(
        help="zero the result buffer before the call, in case it is only partly written", default=True
    )

    def run(self, module: Module, edit: Editor) -> None:
        """Rewrite imports first, so that wrappers of re-exported imports call what keeps the old type."""
        wanted = Wanted(self.export, self.import_, self.pointer, self.memory)
        interface = self._interface(module, edit)
        done = 0
        exports = wanted.of_exports(interface)
        self._doubt(module, edit, exports)
        imports = self._imports(module, edit, wanted)
        self._doubt_imports(module, edit, imports)
        if wanted.everything:
            self._doubt_types(module, edit)
        for declared, funcs in imports:
            done += sum(self._rewrite_import(module, edit, declared, func) for func in funcs)
        found = [(declared, *self._export(module, edit, declared)) for declared in exports]
        if not imports and not found:
            self._nothing(module, edit, wanted)
        fitting = [(declared, export, each) for declared, export, each in found if each is not None]
        if fitting:
            stack_pointer = self._stack_pointer(module, edit)
            for declared, export, each in fitting:
                done += self._rewrite_export(edit, declared, export, each, stack_pointer)
        if done:
            edit.add_feature("multivalue")

    def _imports(self, module: Module, edit: Editor, wanted: Wanted) -> list[tuple[Declaration, list[Func]]]:
        """Return the declared imports that the module has. A file may declare more, which causes a warning."""
        declared = list(wanted.of_imports(edit.interface, module))
        for problem in unknown_imports(module, declared):
            if self.import_:
                raise RewriteError(problem)
            edit.warn(problem)
        return [(each, funcs) for each in declared if (funcs := _imported(module, each))]

    def _nothing(self, module: Module, edit: Editor, wanted: Wanted) -> None:
        """Report why there is nothing to rewrite. Raises ``RewriteError`` if that is a user error."""
        unknown = unknown_imports(module, list(wanted.of_imports(edit.interface, module)))
        if unknown:
            raise RewriteError(f"nothing to rewrite: {unknown[0]}")
        if self.layouts == "dwarf":
            self._nothing_proved(module, edit)
        elif not edit.interface.exports and not edit.interface.imports:
            raise RewriteError(
                "no declared results: use multi-value.export=NAME=TYPE, a declarations file or layouts=dwarf"
            )
        else:
            edit.warn("nothing to rewrite", "the declarations contain no result that is returned through a pointer")

    def _nothing_proved(self, module: Module, edit: Editor) -> None:
        refused = [each for each in edit.ask(DebugLayouts).exports if each.suspected and each.declaration is None]
        if not refused:
            return
        first = f"export {refused[0].name!r}: {refused[0].reason}"
        what = f"nothing to rewrite: debug information proves none of {len(refused)} results"
        if all(each.omitted for each in refused) and not _returns_several(module):
            raise RewriteError(f"{what}; {first}")
        edit.warn(what, first)

    def _interface(self, module: Module, edit: Editor) -> Interface:
        """Return the declarations and, with ``layouts=dwarf``, those that debug information proves."""
        given = edit.interface
        if self.layouts == "declared":
            return given
        debug = edit.ask(DebugLayouts)
        if debug.problem is not None:
            raise RewriteError(debug.problem.message, debug.problem.position)
        known = {each.name for each in given.exports}
        if self.export or self.import_:
            named = [each for each in self.export if "=" not in each and each not in known]
            found = [debug.of(name).declaration for name in named]
        else:
            found = [self._proved(module, edit, each) for each in debug.exports if each.name not in known]
        return Interface((*given.exports, *(each for each in found if each is not None)), given.imports)

    def _proved(self, module: Module, edit: Editor, described: Described) -> Declaration | None:
        """Return what is proved of an export that the user did not name; a note gives the reason if it is skipped."""
        reason = described.reason
        if described.declaration is not None and described.by_pointer:
            func = find_export(module, described.name).item
            assert isinstance(func, Func)  # find_export finds functions
            try:
                pointer_return(module, func_type(func.type), described.declaration, self.max_results)
                return described.declaration
            except RewriteError as error:
                reason = error.message
        if reason and described.suspected:
            edit.note(f"skipped export {described.name!r}", reason)
        return None

    # --- doubts -----------------------------------------------------------------------------------------------------

    def _doubt(self, module: Module, edit: Editor, exports: list[Declaration]) -> None:
        """Warn of declared results that debug information or the code contradicts, before anything is edited."""
        described = self._described(module, edit, [each.name for each in exports])
        for declared in exports:
            found = self._fitting(module, declared)
            if found is None:
                continue
            export = find_export(module, declared.name)
            doubt = _undescribed(found, described.get(declared.name))
            if not doubt and found.memory.index0 is not None:
                doubt = edit.ask(Doubts).of_export(export, found.layout, found.pointer, found.memory.index0)
            if doubt:
                edit.warn(f"export {declared.name!r} is declared to return {declared.result}, but {doubt}")

    def _doubt_types(self, module: Module, edit: Editor) -> None:
        """Warn of declared functions whose type differs: other readers of the file rely on it."""
        for declared in (*edit.interface.exports, *edit.interface.imports):
            for func in _declared_funcs(module, declared):
                doubt = misdeclared(func_type(func.type), declared)
                if doubt:
                    label = f"import '{func.origin}'" if declared.module is not None else f"export {declared.name!r}"
                    edit.warn(f"{label} is declared with {doubt}")

    def _doubt_imports(self, module: Module, edit: Editor, imports: list[tuple[Declaration, list[Func]]]) -> None:
        """Warn of declared results of imports that the code of their callers contradicts."""
        for declared, func in ((declared, func) for declared, funcs in imports for func in funcs):
            found = self._fitting_func(module, func, declared)
            if found is None or found.memory.index0 is None:
                continue
            doubt = edit.ask(ImportDoubts).of_import(func, found.layout, found.pointer, found.memory.index0)
            if doubt:
                edit.warn(f"import '{func.origin}' is declared to return {declared.result}, but {doubt}")

    def _described(self, module: Module, edit: Editor, names: list[str]) -> dict[str, Described]:
        """Return the descriptions of some exports in debug information, if there is any."""
        if not names or all(each.name != ".debug_info" for each in module.customs):
            return {}
        debug = edit.ask(DebugLayouts) if self.layouts == "dwarf" else DebugLayouts.glance(module, names)
        if debug.problem is not None:
            edit.note("debug information was not compared with the declarations", debug.problem.message)
        return {each.name: each for each in debug.exports}

    def _fitting(self, module: Module, declared: Declaration) -> PointerReturn | None:
        """Return how an export returns its declared result; None if it cannot, which is reported elsewhere."""
        try:
            func = find_export(module, declared.name).item
        except RewriteError:
            return None
        assert isinstance(func, Func)  # find_export finds functions
        return self._fitting_func(module, func, declared)

    def _fitting_func(self, module: Module, func: Func, declared: Declaration) -> PointerReturn | None:
        try:
            return pointer_return(module, func_type(func.type), declared, self.max_results)
        except RewriteError:
            return None

    # --- imports ----------------------------------------------------------------------------------------------------

    def _rewrite_import(self, module: Module, edit: Editor, declared: Declaration, func: Func) -> bool:
        label = f"import '{func.origin}'"
        found = self._checked(module, edit, declared, func, label)
        if found is None or declared.result is None:
            return False
        code = import_wrapper(found, func)
        wrapper = edit.add_func(func.type, code.local_runs, code.instrs, f"{declared.name} by pointer")
        edit.redirect(func, wrapper)
        edit.set_type(func, edit.type(found.after.params, found.after.results))
        edit.claim(ByValue(func, func, declared.result, found.pointer, found.memory))
        edit.note(f"changed type of {label} to {found.after}", f"was {found.before}; declared result {declared.result}")
        return True

    # --- exports ----------------------------------------------------------------------------------------------------

    def _export(self, module: Module, edit: Editor, declared: Declaration) -> tuple[Export, PointerReturn | None]:
        export = find_export(module, declared.name)
        assert isinstance(export.item, Func)  # find_export finds functions
        return export, self._checked(module, edit, declared, export.item, f"export {declared.name!r}")

    def _checked(
        self, module: Module, edit: Editor, declared: Declaration, func: Func, label: str
    ) -> PointerReturn | None:
        """Return what the wrapper needs to know; None if the function already returns its result by value."""
        type = func_type(func.type)
        if returns_already(type, declared):
            edit.note(f"skipped {label}", f"its type {type} already returns {declared.result}")
            return None
        try:
            return pointer_return(module, type, declared, self.max_results)
        except RewriteError as error:
            error.within(label)
            raise

    def _stack_pointer(self, module: Module, edit: Editor) -> Global:
        found = find_stack_pointer(module, self.stack_pointer)
        edit.note(f"using global {module.globals.index(found.item)} as the stack pointer", "; ".join(found.evidence))
        if self.stack_pointer is not None:
            edit.declare_stack_pointer(found.item)
        return found.item

    def _rewrite_export(
        self, edit: Editor, declared: Declaration, export: Export, found: PointerReturn, stack_pointer: Global
    ) -> bool:
        original = export.item
        assert isinstance(original, Func)  # _export checked that
        code = export_wrapper(found, original, stack_pointer, self.zero_buffer, edit.ask(Catching).form)
        if self.original_export == "keep" and _is_export_of(edit.module, export.name + self.suffix, found, code):
            edit.note(f"skipped export {export.name!r}", f"{export.name + self.suffix!r} already returns by value")
            return False
        type = edit.type(found.after.params, found.after.results)
        wrapper = edit.add_func(type, code.local_runs, code.instrs, f"{declared.name} by value")
        new = export
        if self.original_export == "keep":
            new = edit.export(export.name + self.suffix, wrapper)
        else:
            edit.retarget(export, wrapper)
        if self.original_export == "suffix":
            edit.export(export.name + self.suffix, original)
        if declared.result is not None:
            edit.claim(ByValue(export, new, declared.result, found.pointer, found.memory))
        edit.note(
            f"changed type of export {new.name!r} to {found.after}",
            f"was {found.before}; declared result {declared.result}, {found.layout.size} bytes",
        )
        return True


def _is_export_of(module: Module, name: str, found: PointerReturn, code: Code) -> bool:
    """Return whether an export is exactly the wrapper that would be generated, as after an earlier run."""
    export = module.export(name)
    if export is None or not isinstance(export.item, Func):
        return False
    return func_type(export.item.type) == found.after and code.is_body_of(export.item)


def _imported(module: Module, declared: Declaration) -> list[Func]:
    """Return the functions of a declared import; all of them have the same type. Raises ``RewriteError`` otherwise."""
    funcs = imports_of(module, Import(declared.module or "", declared.name))
    if len({func_type(func.type) for func in funcs}) > 1:
        origin = f"{declared.module}.{declared.name}"
        raise RewriteError(f"import {origin!r} occurs {len(funcs)} times with different types")
    return funcs


def _declared_funcs(module: Module, declared: Declaration) -> list[Func]:
    """Return the functions that a declaration refers to, if the module has any."""
    if declared.module is not None:
        return imports_of(module, Import(declared.module, declared.name))
    export = module.export(declared.name)
    return [export.item] if export is not None and isinstance(export.item, Func) else []


def _undescribed(found: PointerReturn, described: Described | None) -> str:
    """Return the result that debug information describes instead; "" if it agrees or describes none."""
    if described is None or described.declaration is None:
        return ""
    result = described.declaration.result
    if result is None or not described.by_pointer:
        return f"debug information describes {'no result' if result is None else f'the result {result}'}"
    doubt = differing(found.layout, layout(result, found.address))
    return f"debug information describes {result} ({doubt})" if doubt else ""


def _returns_several(module: Module) -> bool:
    """Return whether an export returns several values, as after an earlier run."""
    funcs = (each.item for each in module.exports if isinstance(each.item, Func))
    return any(len(func_type(func.type).results) > 1 for func in funcs)
