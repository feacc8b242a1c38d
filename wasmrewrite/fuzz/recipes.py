"""Options for passes: what each built-in pass could be asked to do with a given module.

A pass that is not known here runs with the options the user gives it, else with its defaults. Not here: running passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from ..contract import Interface
from ..errors import ConfigError
from ..isa.types import FuncType, NumType, func_type
from ..model import Func, Import, Module
from ..rewrite import registry
from ..rewrite.config import PassEntry
from ..rewrite.options import options_of
from .choices import Choices
from .vocabulary import BITS, CONSTANTS

Settings: TypeAlias = dict[str, Any]
Recipe: TypeAlias = Callable[[Choices, Module, Interface], Settings | None]
"""Options by name; None where the pass has nothing to do."""


def entries(
    choices: Choices,
    names: Sequence[str],
    given: Mapping[str, Mapping[str, object]],
    module: Module,
    interface: Interface,
) -> list[PassEntry]:
    """One pass of ``names``, or two or three different ones in any order; ``given`` are options that are always set.

    Raises ``ConfigError``: an unknown pass, or one with an option that has to be given and is not.
    """
    found: list[PassEntry] = []
    for _ in range(1 + (choices.below(3) if len(names) > 1 and choices.chance(2) else 0)):
        name = choices.pick(names)
        settings = _settings(choices, name, given, module, interface)
        if settings is not None and all(each.name != name for each in found):
            found.append(PassEntry(name, settings))
    return found


def _settings(
    choices: Choices, name: str, given: Mapping[str, Mapping[str, object]], module: Module, interface: Interface
) -> Settings | None:
    recipe = _RECIPES.get(name)
    if recipe is not None:
        settings = recipe(choices, module, interface)
        return None if settings is None else {**settings, **given.get(name, {})}
    missing = [
        each.name for each in options_of(registry.find(name)) if each.required and each.name not in given.get(name, {})
    ]
    if missing:
        raise ConfigError(f"pass {name!r} needs its option {missing[0]!r}: set {name}.{missing[0]}=VALUE")
    return dict(given.get(name, {}))


# --- built-in passes --------------------------------------------------------------------------------------------------


def _functions(module: Module) -> list[tuple[str, FuncType]]:
    """Exported functions with arguments that can be written down."""
    found = [(each.name, func_type(each.item.type)) for each in module.exports if isinstance(each.item, Func)]
    return [
        (name, type) for name, type in found if all(isinstance(each, NumType) and each in BITS for each in type.params)
    ]


def _add_start(choices: Choices, module: Module, _interface: Interface) -> Settings | None:
    functions = _functions(module)
    if not functions:
        return None
    name, type = choices.pick(functions)
    settings: Settings = {"function": name, "args": [_argument(choices, each) for each in type.params]}
    if choices.chance(4):
        settings["drop-export"] = True
    return settings


def _argument(choices: Choices, type: object) -> str:
    assert isinstance(type, NumType)  # _functions sees to it
    value = choices.pick(CONSTANTS[type])
    return f"{type}:{value}" if type.name.startswith("i") else f"{type}:0x{value:x}"


def _multi_value(choices: Choices, _module: Module, interface: Interface) -> Settings | None:
    if not (interface.exports or interface.imports):
        return None
    settings: Settings = {"original": choices.pick(("hide", "suffix", "keep"))}
    if choices.chance(4):
        settings["max-results"] = 40
    return settings


def _rename_imports(choices: Choices, module: Module, _interface: Interface) -> Settings | None:
    names = [origin for each in module.imports if isinstance(origin := getattr(each, "origin", None), Import)]
    if not names:
        return None
    chosen = choices.pick(names)
    rules: tuple[Settings, ...] = (
        {"module": [f"{chosen.module}=host"]},
        {"module": ["*=x.*"]},
        {"name": [f"{chosen.name}=renamed"]},
        {"name": ["h*=g*"], "within": [chosen.module]},
    )
    return choices.pick(rules)


def _remove_start(choices: Choices, module: Module, _interface: Interface) -> Settings | None:
    if module.start is None:
        return None
    return {"export": "removed start"} if choices.chance(2) else {}


def _strip_custom(choices: Choices, module: Module, _interface: Interface) -> Settings | None:
    if not module.customs:
        return None
    return choices.pick(({}, {"pattern": ["name"]}, {"pattern": ["*"], "keep": ["name"]}, {"pattern": ["prod*"]}))


_RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "add-start": _add_start,
        "multi-value": _multi_value,
        "rename-imports": _rename_imports,
        "remove-start": _remove_start,
        "strip-custom": _strip_custom,
    }
)
