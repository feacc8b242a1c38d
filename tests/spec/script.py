"""Running the commands of an official test script, split to JSON (the shape of ``wasm-tools json-from-wast``).

Values are compared bit for bit, NaN patterns as the suite defines them; an error must have the right class, and a
message that begins with the expected text. Not here: which scripts are run, and which commands are known to fail.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from wasmrewrite.errors import Exhaustion, InvalidError, LinkError, MalformedError, Trap, WasmError
from wasmrewrite.interp import Instance, Program, instantiate
from wasmrewrite.runtime import Extern, FuncInst, GlobalInst, HostFunc, HostRef, Store, StoreLimits, spectest

Json = dict[str, Any]

# Calls 256 deep are enough for the whole suite; what shall be exhausted need not take long.
LIMITS: Final = StoreLimits(depth=2000, fuel=200_000_000)
WIDTHS: Final = {"i32": 32, "i64": 64, "f32": 32, "f64": 64}
CANONICAL: Final = {"f32": 0x7FC0_0000, "f64": 0x7FF8_0000_0000_0000}


class Unexpected(Exception):
    """A command did not do what its script says."""


class Script:
    """Instances of one script, all in one store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store(LIMITS)
        self.registered: dict[str, Any] = {"spectest": spectest(self.store)}
        self.programs: dict[str | None, Program] = {}
        self.instances: dict[str | None, Instance] = {}

    def run(self, skip: Callable[[Json], bool] = lambda _command: False) -> Iterator[tuple[int, str]]:
        """Run every command; the line and what was wrong, for each that fails."""
        commands: list[Json] = json.loads(self.path.read_text("utf-8"))["commands"]
        for command in commands:
            if skip(command):
                continue
            try:
                COMMANDS[command["type"]](self, command)
            except (Unexpected, WasmError) as error:
                yield command["line"], f"{type(error).__name__}: {error}"

    def program(self, command: Json) -> Program:
        """The module a command names, validated."""
        binary = command.get("module_type", "binary") == "binary"
        name = command["filename"] if binary else command.get("binary_filename")
        if name is None:
            raise Unexpected("the conversion of the suite has no binary for this text")
        return Program((self.path.parent / name).read_bytes())

    def instance(self, name: str | None) -> Instance:
        """The instance a command means."""
        if name not in self.instances:
            raise Unexpected(f"there is no instance {name or ''}")
        return self.instances[name]

    def act(self, action: Json) -> list[Any]:
        """Do what an action says; the values it gives."""
        item: Extern | None = self.instance(action.get("module")).exports.get(action["field"])
        if action["type"] == "get":
            if not isinstance(item, GlobalInst):
                raise Unexpected(f"{action['field']!r} is no global")
            return [item.bits]
        if not isinstance(item, (FuncInst, HostFunc)):
            raise Unexpected(f"{action['field']!r} is no function")
        self.store.refuel(LIMITS.fuel)
        return item.invoke([argument(value) for value in action["args"]])


def argument(value: Json) -> Any:
    """An argument as the interpreter takes it."""
    if value["type"] in WIDTHS:
        return int(value["value"]) & (1 << WIDTHS[value["type"]]) - 1
    return None if value["value"] == "null" else HostRef(int(value["value"]))


def matches(expected: Json, value: Any) -> bool:
    """Whether a result is what a script expects."""
    kind: str = expected["type"]
    wanted: Any = expected.get("value")
    if kind in WIDTHS:
        return _number_matches(kind, wanted, value)
    if kind == "refnull" or kind.startswith("null") or wanted == "null":
        return value is None
    if kind == "funcref":
        return isinstance(value, (FuncInst, HostFunc))
    return value is not None if wanted is None else bool(value == HostRef(int(wanted)))


def _number_matches(kind: str, wanted: str, value: Any) -> bool:
    if type(value) is not int or not 0 <= value < 1 << WIDTHS[kind]:
        return False
    canonical = CANONICAL.get(kind, 0)
    if wanted == "nan:canonical":
        return value & (1 << WIDTHS[kind] - 1) - 1 == canonical
    if wanted == "nan:arithmetic":
        return value & canonical == canonical
    return value == int(wanted) & (1 << WIDTHS[kind]) - 1


def expect(command: Json, error_class: type[WasmError], do: Callable[[], object]) -> None:
    """Demand that ``do`` raises exactly this class with the expected message."""
    try:
        given = do()
    except WasmError as error:
        if type(error) is error_class and error.message.startswith(command["text"]):
            return
        raise Unexpected(f"expected {error_class.__name__} {command['text']!r}, got {error}") from error
    raise Unexpected(f"expected {command['text']!r}, got {given!r}")


def _module(script: Script, command: Json) -> None:
    # A module that fails leaves no current instance.
    script.instances.pop(None, None)
    script.programs.pop(None, None)
    program = script.program(command)
    _define(script, command, program)
    _keep(script, command.get("name"), instantiate(program, script.registered, script.store))


def _define(script: Script, command: Json, program: Program) -> None:
    script.programs[None] = program
    if command.get("name"):
        script.programs[command["name"]] = program


def _keep(script: Script, name: str | None, instance: Instance) -> None:
    script.instances[None] = instance
    if name:
        script.instances[name] = instance


def _definition(script: Script, command: Json) -> None:
    _define(script, command, script.program(command))


def _module_instance(script: Script, command: Json) -> None:
    instance = instantiate(script.programs[command.get("module")], script.registered, script.store)
    _keep(script, command.get("instance"), instance)


def _register(script: Script, command: Json) -> None:
    script.registered[command["as"]] = script.instance(command.get("name")).exports


def _action(script: Script, command: Json) -> None:
    script.act(command["action"])


def _assert_return(script: Script, command: Json) -> None:
    values = script.act(command["action"])
    expected = command["expected"]
    if len(values) != len(expected) or not all(map(matches, expected, values)):
        raise Unexpected(f"{command['action']['field']!r} returned {values}, expected {expected}")


def _assert_trap(script: Script, command: Json) -> None:
    expect(command, Trap, lambda: script.act(command["action"]))


def _assert_exhaustion(script: Script, command: Json) -> None:
    expect(command, Exhaustion, lambda: script.act(command["action"]))


def _refused(error_class: type[WasmError]) -> Callable[[Script, Json], None]:
    """A module that must be refused when it is instantiated."""

    def run(script: Script, command: Json) -> None:
        program = script.program(command)
        expect(command, error_class, lambda: instantiate(program, script.registered, script.store))

    return run


def _rejected(error_class: type[WasmError]) -> Callable[[Script, Json], None]:
    """A module that must not get as far as that; text that nothing here can read proves nothing."""

    def run(script: Script, command: Json) -> None:
        if command["module_type"] == "binary" or "binary_filename" in command:
            expect(command, error_class, lambda: script.program(command))

    return run


COMMANDS: Final[dict[str, Callable[[Script, Json], None]]] = {
    "module": _module,
    "module_definition": _definition,
    "module_instance": _module_instance,
    "register": _register,
    "action": _action,
    "assert_return": _assert_return,
    "assert_trap": _assert_trap,
    "assert_exhaustion": _assert_exhaustion,
    "assert_unlinkable": _refused(LinkError),
    "assert_uninstantiable": _refused(Trap),
    "assert_invalid": _rejected(InvalidError),
    "assert_malformed": _rejected(MalformedError),
}
