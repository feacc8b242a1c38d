"""Finding what users name: exports, imports, memories. Every failure says what there is instead."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import RewriteError
from ..model import Export, Func, Import, Item, Memory, Module
from ..spelling import natural, nearest
from .suggest import did_you_mean


def find_export(module: Module, name: str) -> Export:
    """The function export called ``name``. Raises ``RewriteError``."""
    export = module.export(name)
    if export is None:
        known = [each.name for each in module.exports if isinstance(each.item, Func)]
        raise RewriteError(f"no export is called {name!r}{did_you_mean(name, known)}")
    if not isinstance(export.item, Func):
        raise RewriteError(f"export {name!r} is a {export.item.space.value}, not a function")
    return export


def find_imports(module: Module, dotted: str) -> list[Func]:
    """The imported functions that ``MODULE.NAME`` names: one, or several that import the same thing.

    Both parts may hold dots, so the module decides. Raises ``RewriteError``: there is none, or dots leave it open.
    """
    funcs = [item for item in module.imports if isinstance(item, Func)]
    found = [func for func in funcs if str(func.origin) == dotted]
    if not found:
        known = [str(func.origin) for func in funcs]
        raise RewriteError(f"no function is imported as {dotted!r}{did_you_mean(dotted, known)}")
    return _one_import(found, dotted)


def find_func(module: Module, name: str) -> Func:
    """A function by export, else by its name in the name section. Raises ``RewriteError``."""
    try:
        return module.find_func(name)
    except RewriteError as error:
        if module.export(name) is not None:
            raise
        exported = [each.name for each in module.exports if isinstance(each.item, Func)]
        near = nearest(name, function_names(module, imports=False))
        raise RewriteError(error.message + did_you_mean(name, near or exported)) from error


def function_names(module: Module, imports: bool = True) -> Iterator[str]:
    """What functions are called: names of exports, ``MODULE.NAME`` of imports if wanted, names in the name section."""
    yield from (each.name for each in module.exports if isinstance(each.item, Func))
    if imports:
        yield from (str(item.origin) for item in module.imports if isinstance(item, Func))
    yield from (func.name for func in module.funcs if func.name is not None)


def called(item: Item) -> str:
    """What to call an item in a sentence: by its name, else by its index in the input."""
    if item.name is not None:
        return repr(item.name)
    return f"{item.space.value} {item.index0}" if item.index0 is not None else f"a new {item.space.value}"


def imports_of(module: Module, origin: Import) -> list[Func]:
    """The functions imported under exactly that name, which may be none."""
    return [item for item in module.imports if isinstance(item, Func) and item.origin == origin]


def _one_import(found: list[Func], dotted: str) -> list[Func]:
    names = {func.origin for func in found if isinstance(func.origin, Import)}
    if len(names) > 1:
        readings = ", ".join(sorted(f"module {each.module!r} name {each.name!r}" for each in names))
        raise RewriteError(f"{dotted!r} can be read in several ways ({readings}); declare it in an interface file")
    return found


def find_memory(module: Module, which: str | int | None) -> Memory:
    """A memory by index or name (export, import or name section); by default the only one. Raises ``RewriteError``."""
    memories = module.memories
    if which is None:
        if len(memories) == 1:
            return memories[0]
        raise RewriteError(
            f"the module has {len(memories)} memories; say which one results lie in"
            if memories
            else "the module has no memory that a result could be returned through"
        )
    index = natural(str(which))
    if index is not None:
        if index < len(memories):
            return memories[index]
        raise RewriteError(f"memory {which} does not exist: the module has {len(memories)}")
    exported = module.export(str(which))
    if exported is not None and isinstance(exported.item, Memory):
        return exported.item
    found = [each for each in memories if which in (each.name, getattr(each.origin, "name", None), str(each.origin))]
    if len(found) != 1:
        exported_ones = [each.name for each in module.exports if isinstance(each.item, Memory)]
        names = [*exported_ones, *(each.name for each in memories if each.name is not None)]
        near = nearest(str(which), () if found else names)
        raise RewriteError(f"{len(found) or 'no'} memories are called {which!r}{did_you_mean(str(which), near)}")
    return found[0]
