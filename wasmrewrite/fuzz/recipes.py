"""Options for passes: what each built-in pass could be asked to do with a given module.

Every option of every built-in pass is drawn, every one of few values; a test holds this to it. A pass that is not known
here runs with the options the user gives it, else with its defaults. Not here: running passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from ..contract import Declaration
from ..errors import ConfigError
from ..isa.types import FuncType, NumType, func_type
from ..model import Func, Import, Module
from ..rewrite import registry
from ..rewrite.config import PassEntry
from ..rewrite.options import options_of
from .choices import Choices
from .modules import Subject
from .vocabulary import BITS, CONSTANTS

Settings: TypeAlias = dict[str, Any]
Given: TypeAlias = Mapping[str, Mapping[str, object]]
"""Options that are always set, by pass and name."""
Recipe: TypeAlias = Callable[[Choices, Module, Subject], Settings | None]
"""Options by name; None where the pass has nothing to do."""


def entries(choices: Choices, names: Sequence[str], given: Given, subject: Subject) -> list[PassEntry]:
    """One pass of ``names``, or two or three in any order, the same one again perhaps; none if none has anything to do.

    Raises ``ConfigError``: an unknown pass, or one with an option that has to be given and is not.
    """
    module = Module.from_bytes(subject.data)
    wanted = 1 + (choices.below(3) if choices.chance(2) else 0)
    found = [_entry(choices, list(names), given, module, subject) for _ in range(wanted)]
    return [each for each in found if each is not None]


def _entry(choices: Choices, left: list[str], given: Given, module: Module, subject: Subject) -> PassEntry | None:
    """A pass of those ``left`` that has something to do; None if none has."""
    while left:
        name = left.pop(choices.below(len(left)))
        settings = _settings(choices, name, given, module, subject)
        if settings is not None:
            return PassEntry(name, settings)
    return None


def _settings(choices: Choices, name: str, given: Given, module: Module, subject: Subject) -> Settings | None:
    recipe = RECIPES.get(name)
    if recipe is not None:
        settings = recipe(choices, module, subject)
        return None if settings is None else {**settings, **given.get(name, {})}
    missing = [
        each.name for each in options_of(registry.find(name)) if each.required and each.name not in given.get(name, {})
    ]
    if missing:
        raise ConfigError(f"pass {name!r} needs its option {missing[0]!r}: set {name}.{missing[0]}=VALUE")
    return dict(given.get(name, {}))


# --- built-in passes --------------------------------------------------------------------------------------------------


def _functions(module: Module) -> list[tuple[str, FuncType, bool]]:
    """Functions with arguments that can be written down: name, type, whether that is the name of an export."""
    exported = {each.name: each.item for each in module.exports if isinstance(each.item, Func)}
    named = {each.name: each for each in module.funcs if each.name is not None and each.name not in exported}
    found = [(name, func_type(each.type), name in exported) for name, each in (exported | named).items()]
    return [each for each in found if all(isinstance(type, NumType) and type in BITS for type in each[1].params)]


def _add_start(choices: Choices, module: Module, _subject: Subject) -> Settings | None:
    functions = _functions(module)
    if not functions:
        return None
    name, type, exported = choices.pick(functions)
    settings: Settings = {"function": name}
    if type.params:
        settings["args"] = [_argument(choices, each) for each in type.params]
    if exported and choices.chance(4):
        settings["remove-export"] = True
    return settings


def _argument(choices: Choices, type: object) -> str:
    assert isinstance(type, NumType)  # _functions sees to it
    value = choices.pick(CONSTANTS[type])
    return f"{type}:{value}" if type.name.startswith("i") else f"{type}:0x{value:x}"


def _multi_value(choices: Choices, module: Module, subject: Subject) -> Settings | None:
    declared = [*subject.interface.exports, *subject.interface.imports]
    described = any(each.name == ".debug_info" for each in module.customs)
    if not declared and not described:
        return None
    settings: Settings = {"original-export": choices.pick(("hide", "suffix", "keep"))}
    if described:
        settings["layouts"] = choices.pick(("dwarf", "declared"))
    if choices.chance(4):
        settings["max-results"] = choices.pick((40, 4))
    if choices.chance(4):
        settings["suffix"] = choices.pick((".ptr", "\u00e9 \"'"))
    if subject.stack_pointer is not None and choices.chance(4):
        settings["stack-pointer"] = str(subject.stack_pointer)
    if subject.complete and choices.chance(3):
        settings["zero-buffer"] = False
    if declared and choices.chance(3):
        settings |= _named(choices, choices.pick(declared))
    return settings


def _named(choices: Choices, declared: Declaration) -> Settings:
    """One function only, its type from the interface or told again."""
    kind = "export" if declared.module is None else "import"
    name = declared.name if declared.module is None else f"{declared.module}.{declared.name}"
    if choices.chance(2):
        return {kind: [name]}
    settings: Settings = {kind: [f"{name}={declared.result}"], "pointer": declared.pointer}
    return settings if declared.memory is None else {**settings, "memory": str(declared.memory)}


def _rename_imports(choices: Choices, module: Module, _subject: Subject) -> Settings | None:
    names = [origin for each in module.imports if isinstance(origin := each.origin, Import)]
    if not names:
        return None
    chosen = choices.pick(names)
    rules: tuple[Settings, ...] = (
        {"module": [f"{chosen.module}=host"]},
        {"module": ["*=x.*"]},
        {"name": [f"{chosen.name}=renamed"]},
        {"name": ["*=g*"], "match-module": [chosen.module]},
        {"module": ["*=y"], "match-name": [chosen.name, "?1"]},
    )
    return choices.pick(rules)


def _remove_start(choices: Choices, module: Module, _subject: Subject) -> Settings | None:
    if module.start is None:
        return None
    return {"export": "removed start"} if choices.chance(2) else {}


def _strip_custom(choices: Choices, module: Module, _subject: Subject) -> Settings | None:
    if not module.customs:
        return None
    return choices.pick(({}, {"pattern": ["name"]}, {"pattern": ["*"], "keep": ["name"]}, {"pattern": ["prod*"]}))


RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "add-start": _add_start,
        "multi-value": _multi_value,
        "rename-imports": _rename_imports,
        "remove-start": _remove_start,
        "strip-custom": _strip_custom,
    }
)
"""By pass."""
