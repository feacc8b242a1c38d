"""``wasmrewrite run``: instantiate a module and call one of its exports. Not here: calling conventions (``calls``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from . import exits, streams
from .options import FILE, module_argument, report_output
from .report import Document, Format, Report, emit
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..contract import Declaration, Interface
    from ..errors import Trap
    from ..interp import Instance
    from ..model import Module
    from ..runtime import GlobalInst
    from .calls import Call, Result
    from .stubs import Stubs

SCHEMA: Final = "wasmrewrite.run/1"
_UNITS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SIZE: Final = re.compile(r"(\d{1,15})\s*([kmg]?)(?:i?b)?", re.IGNORECASE)
_VALUE: Final = re.compile(r"-(?:[0-9.]|inf|nan)")


class Size(click.ParamType[int]):
    """A number of bytes, with K, M or G for powers of 1024."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read one. Fails with a usage error."""
        match = _SIZE.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is no size, such as 64M", param, ctx)
        return int(match[1]) * _UNITS[match[2].lower()]


@click.command(context_settings={"ignore_unknown_options": True})
@module_argument("module")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option("--invoke", metavar="NAME", help="Export to call. Without it, '_start' if there is one.")
@click.option("--interface", type=FILE, help="Declared types of exports and imports: signs and fields of values.")
@click.option("--stub-imports", is_flag=True, help="Answer imported functions with zeros, make other imports up.")
@click.option("--host-seed", type=int, metavar="N", help="As --stub-imports, but answer values drawn from this seed.")
@click.option("--trace", is_flag=True, help="Tell every call of an import on standard error.")
@click.option("--fuel", type=click.IntRange(min=0), metavar="N", help="Stop after this many instructions.")
@click.option("--memory-limit", type=Size(), help="Most bytes of linear memory (64M, 1G; default 1G).")
@report_output
def command(module: str, arguments: tuple[str, ...], output: str, form: Format, **settings: Any) -> int:
    """Call an exported function.

    Instantiates the module, which runs its start function, then calls one export. An ARG is a number, read as the
    parameter's type or with a type of its own: 5, -1, u32:2215051520, i64:-1, f64:nan, f64:1.5, extern:3, null.
    Results are printed with their types, integers both ways where the readings differ.

    Exit codes: 0 when the call returned, 134 when it trapped, 125 when it could not be run to an end here.

    \b
    Example:
      wasmrewrite run app.wasm --invoke add 2 u32:40
      wasmrewrite run app.wasm --invoke sum_from_host --host-seed 1 --trace
    """
    from ..errors import Exhaustion, Trap

    _refuse_unknown_options(arguments)
    streams.refuse_twice([module, settings["interface"]], "input")
    source = streams.read(module)
    data: dict[str, Any] = {"schema": SCHEMA, "outcome": "returned", "results": [], "host_calls": []}
    with source.blamed():
        try:
            lines = _run(source.data, arguments, settings, data)
        except Trap as trap:
            data |= {"outcome": "exhausted" if isinstance(trap, Exhaustion) else "trapped", "trap": _trap_data(trap)}
            if form == "json":
                emit(Report(data), form, output)
            raise
    emit(Report(data, lines), form, output)
    return exits.FINE


def _refuse_unknown_options(arguments: Sequence[str]) -> None:
    """Negative numbers look like options, so click lets everything through that does: the rest is refused here."""
    for argument in arguments:
        if argument.startswith("-") and len(argument) > 1 and not _VALUE.match(argument):
            context = click.get_current_context()
            known = [name for option in context.command.params for name in option.opts if name.startswith("--")]
            raise click.UsageError(f"no such option {argument!r}{did_you_mean(argument, known)}", context)


def _run(data: bytes, arguments: Sequence[str], settings: dict[str, Any], found: dict[str, Any]) -> Document:
    """Instantiate and call; put what happened into ``found``."""
    from ..model import Module
    from ..runtime import Store, StoreLimits
    from .stubs import Stubs

    limits = StoreLimits(fuel=settings["fuel"], memory_bytes=settings["memory_limit"] or 1 << 30)
    interface = _interface(settings["interface"])
    module = Module.from_bytes(data)
    stubs = Stubs(module, Store(limits), settings["host_seed"], settings["trace"], interface.imports)
    found["host_calls"] = stubs.log
    name = settings["invoke"] or _default_export(module)
    if name is None and arguments:
        raise click.UsageError("there is nothing to give arguments to; name an export with --invoke")
    if name is not None:
        _known(module, name)
    declared = next((each for each in interface.exports if each.name == name), None)
    instance = _instantiate(module, stubs, settings)
    if name is None:
        return []
    results = _call(instance, module, name, declared).run(arguments)
    found["results"] = [{"field": result.path, **result.shown.data()} for result in results]
    return _lines(results)


def _lines(results: list[Result]) -> Document:
    return [result.text() for result in results]


def _instantiate(module: Module, stubs: Stubs, settings: dict[str, Any]) -> Instance:
    from ..interp import instantiate
    from .stubs import unresolved

    stubbed = settings["stub_imports"] or settings["host_seed"] is not None
    missing = None if stubbed else unresolved(module)
    if missing is not None:
        raise missing
    return instantiate(module, stubs.imports(), stubs.store)


def _call(instance: Instance, module: Module, name: str, declared: Declaration | None) -> Call:
    from .calls import Call

    func = instance.funcs[_index(module, name)]
    call = Call(instance, module, name, func, declared)
    return replace(call, stack_pointer=_stack_pointer(instance, module)) if call.through_pointer else call


def _index(module: Module, name: str) -> int:
    from .describe import Indices

    export = module.export(name)
    return -1 if export is None else Indices(module).of(export.item)


def _default_export(module: Module) -> str | None:
    return None if module.export("_start") is None else "_start"


def _known(module: Module, name: str) -> None:
    """Raise ``click.UsageError`` unless an exported function is called ``name``."""
    from ..model import Func
    from .escape import quoted

    functions = [export.name for export in module.exports if isinstance(export.item, Func)]
    if name not in functions:
        said = "is not a function" if module.export(name) is not None else "does not exist"
        raise click.UsageError(f"export {quoted(name)} {said}{did_you_mean(name, functions)}")


def _interface(path: str | None) -> Interface:
    from ..contract import Interface
    from .declared import read_interface

    return Interface() if path is None else read_interface(path)


def _stack_pointer(instance: Instance, module: Module) -> GlobalInst | None:
    from .declared import stack_pointer

    index = stack_pointer(module)
    return None if index is None else instance.globals[index]


def _trap_data(trap: Trap) -> dict[str, Any]:
    return {"message": trap.message, "path": list(trap.position.path), "offset": trap.position.offset}
