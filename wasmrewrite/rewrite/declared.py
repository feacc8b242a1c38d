"""Which imports and exports a user means, and what they return: from options such as ``NAME=TYPE``, or an interface.

An option without ``=TYPE`` takes the type from the interface. Not here: whether functions fit (``byvalue``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..contract import Declaration, Interface, parse_type
from ..errors import ConfigError
from ..model import Func, Import, Module
from .lookup import find_imports, imports_of
from .suggest import did_you_mean, nearest_name

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options that name exports and imports; ``pointer`` and ``memory`` hold for those whose type is given there.

    If neither names anything, everything is wanted that the interface declares to return through a pointer.
    """

    exports: Sequence[str] = ()
    imports: Sequence[str] = ()
    pointer: int = 0
    memory: str | None = None

    @property
    def everything(self) -> bool:
        """Whether the interface decides."""
        return not self.exports and not self.imports

    def of_exports(self, interface: Interface) -> list[Declaration]:
        """Declarations of exports. Raises ``ConfigError``, also if one is named twice."""
        if self.everything:
            return [each for each in interface.exports if _is_wanted(each)]
        found: dict[str, Declaration] = {}
        for text in self.exports:
            name, equals, type = text.rpartition("=")
            declared = self._declared(name.strip(), type) if equals else declared_export(interface, text)
            if declared.name in found:
                raise ConfigError(f"export {declared.name!r} is named twice")
            found[declared.name] = declared
        return list(found.values())

    def of_imports(self, interface: Interface, module: Module) -> Iterator[Declaration]:
        """Declarations of imports; ``module`` tells which dot parts them. Raises ``ConfigError``, ``RewriteError``."""
        for text in self.imports:
            name, equals, type = text.rpartition("=")
            if not equals:
                yield declared_import(interface, text)
                continue
            origin = find_imports(module, name.strip())[0].origin
            if isinstance(origin, Import):
                yield self._declared(origin.name, type, origin.module)
        if self.everything:
            yield from (each for each in interface.imports if _is_wanted(each))

    def _declared(self, name: str, type: str, module: str | None = None) -> Declaration:
        return Declaration(name, module, result=parse_type(type), pointer=self.pointer, memory=self.memory)


def _is_wanted(declared: Declaration) -> bool:
    """Whether a pass without options means it; what is declared to return nothing is passed on to be refused."""
    return declared.by_value or declared.returns_nothing


def unknown_imports(module: Module, declared: Sequence[Declaration]) -> list[str]:
    """A sentence for every declared import that the module lacks and that looks mistyped, and one for the others."""
    known = [str(item.origin) for item in module.imports if isinstance(item, Func)]
    lacking = [f"{each.module}.{each.name}" for each in declared if not imports_of(module, _origin(each))]
    mistyped = {name: near for name in lacking if (near := nearest_name(name, known))}
    found = [f"no function is imported as {name!r}; did you mean {near!r}?" for name, near in mistyped.items()]
    others = [repr(name) for name in lacking if name not in mistyped]
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        found.append(f"no function is imported as {', '.join(others[:_SHOWN])}{more}")
    return found


def _origin(declared: Declaration) -> Import:
    return Import(declared.module or "", declared.name)


def declared_export(interface: Interface, name: str) -> Declaration:
    """What an interface says of an export. Raises ``ConfigError``."""
    known = {each.name: each for each in interface.exports}
    return _one(known, name, "export")


def declared_import(interface: Interface, dotted: str) -> Declaration:
    """What an interface says of the import ``MODULE.NAME``. Raises ``ConfigError``."""
    known = {f"{each.module}.{each.name}": each for each in interface.imports}
    return _one(known, dotted, "import")


def _one(known: dict[str, Declaration], name: str, kind: str) -> Declaration:
    if name in known:
        return known[name]
    raise ConfigError(f"no interface declares {kind} {name!r}, so say {name}=TYPE{did_you_mean(name, known)}")
