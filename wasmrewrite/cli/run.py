"""``wasmrewrite run``: instantiate a module and call one of its exports. Not here: calling conventions (``calls``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from . import completion, exits, streams
from .folders import SharedFolder
from .options import FILE, Integer, Whole, module_argument, report_output
from .report import Document, Format, Report, emit
from .suggest import did_you_mean, unknown_option

if TYPE_CHECKING:
    from ..contract import Declaration, Interface
    from ..equiv.hosts.stubs import Stubs
    from ..errors import Trap
    from ..model import Module
    from ..runtime.engine import GlobalVariable, Instance
    from ..runtime.wasi import Wasi
    from .calls import Call, Result

SCHEMA: Final = "wasmrewrite.run/1"
_WORDS: Final = "wasmrewrite.words"
_UNITS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SIZE: Final = re.compile(r"([0-9]{1,15})\s*([kmg]?)(?:i?b)?", re.IGNORECASE | re.ASCII)
_MEMORY: Final = 1 << 30
"""Bytes of linear memory, unless --memory-limit says otherwise."""
SHARED: Final = SharedFolder()
PAIR: Final = "HOST[::GUEST]"
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


class RunCommand(click.Command):
    """A command whose options end at MODULE. What stands behind it is the program's, if the module is one; else it is
    read again by ``options_anywhere``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As usual, but the command line is kept."""
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)


def options_anywhere(context: click.Context) -> dict[str, Any]:
    """The settings of a command line whose options may also stand behind MODULE. Raises ``click.UsageError``.

    Negative numbers look like options, so click lets everything through that does: the rest is refused here.
    """
    words: tuple[str, ...] = context.meta[_WORDS]
    protected = len(words) - words.index("--") - 1 if "--" in words else 0
    anywhere = {"allow_interspersed_args": True, "ignore_unknown_options": True}
    with context.command.make_context(context.info_name, list(words), context.parent, **anywhere) as again:
        arguments = again.params["arguments"]
        for argument in arguments[: max(0, len(arguments) - protected)]:
            if argument.startswith("-") and len(argument) > 1 and not _VALUE.match(argument):
                raise click.UsageError(unknown_option(argument, again.command, again.info_name), again)
        return again.params


@click.command(cls=RunCommand, context_settings={"allow_interspersed_args": False})
@module_argument("module")
@click.argument("arguments", nargs=-1, metavar="[ARG]...", type=click.UNPROCESSED)
@click.option(
    "--invoke",
    metavar="NAME",
    shell_complete=completion.exported_functions,
    help="Export to call. Without it, '_start' if there is one.",
)
@click.option("--declarations", type=FILE, help="Declared types of exports and imports: signs and fields of values.")
@click.option("--stub-imports", is_flag=True, help="Answer imported functions with zeros, make other imports up.")
@click.option(
    "--host-seed", type=Integer(), metavar="N", help="As --stub-imports, but answer values drawn from this seed."
)
@click.option("--trace", is_flag=True, help="Tell every call of an import on standard error.")
@click.option("--fuel", type=Whole(min=0), metavar="N", help="Stop after this many instructions.")
@click.option("--memory-limit", type=Size(), help="Most bytes of linear memory (64M, 1G; default 1G).")
@click.option(
    "--dir",
    type=SHARED,
    metavar=PAIR,
    multiple=True,
    help="Let the program see a copy of the folder HOST as GUEST, or under its own name.",
)
@click.option(
    "--copy-out",
    type=SHARED,
    metavar=PAIR,
    multiple=True,
    help="Afterwards write the program's folder GUEST to HOST; unless it is in a shared one, it is empty at first.",
)
@click.option("--env", metavar="NAME=VALUE", multiple=True, help="A variable in the program's environment.")
@click.option("--stdin", type=FILE, help="What the program reads instead of this standard input.")
@report_output
@click.pass_context
def command(context: click.Context, /, **settings: Any) -> int:
    """Run a program, or call an exported function.

    Instantiates the module, which runs its start function, then calls one export. An ARG is a number, read as the
    parameter's type or with a type of its own: 5, -1, u32:2215051520, i64:-1, f64:nan, f64:1.5, extern:3, null.
    Results are printed with their types, integers both ways where the readings differ.

    A module that imports from WASI and exports _start is a program, unless --invoke stands in front of it: everything
    behind MODULE is the program's own, whatever it looks like (a -- directly behind MODULE is left out), so options of
    'run' stand in front. Of other modules they may stand behind, too. A program gets a world in which the clock starts
    in 2020, random numbers come from --host-seed, files are copies in memory, and standard input is the one here, read
    when the program reads: what it gets depends on the bytes only, not on when they come, except from a terminal. An
    exported _initialize is called before what --invoke names.

    Exit codes: the program's own, 0 when the call returned, 134 when it trapped, 125 when it could not be run to an
    end here.

    \b
    Example:
      wasmrewrite run app.wasm --invoke add 2 u32:40
      wasmrewrite run app.wasm --invoke sum_from_host --host-seed 1 --trace
      wasmrewrite run --dir src::/src --env LANG=C tool.wasm --verbose /src/a.txt
    """
    from ..model import Module

    _refuse_twice(settings)
    source = streams.read_module(settings["module"])
    with source.blamed():
        module = Module.from_bytes(source.data)
        is_program = settings["invoke"] is None and _is_program(module)
    if is_program:
        arguments = settings["arguments"]
        settings["arguments"] = arguments[1:] if arguments[:1] == ("--",) else arguments
    else:
        settings = options_anywhere(context)
    return _command(source, module, is_program, settings)


def _is_program(module: Module) -> bool:
    from .wasi import imports_wasi

    return _default_export(module) is not None and imports_wasi(module)


def _command(source: streams.Input, module: Module, is_program: bool, settings: dict[str, Any]) -> int:
    from ..errors import Exhaustion, Trap
    from ..runtime.wasi import ProcExit
    from .wasi import exit_code

    form: Format = settings["form"]
    output = settings["output"]
    _refuse_twice(settings)
    settings |= {"collect": form == "json" and output == streams.STANDARD, "log": form == "json"}
    data: dict[str, Any] = {"schema": SCHEMA, "outcome": "returned", "results": [], "host_calls": []}
    code, lines = exits.FINE, Document()
    with source.blamed():
        try:
            lines = _run(module, is_program, settings, data)
        except ProcExit as end:
            data |= {"outcome": "exited", "exit_code": end.code}
            code = exit_code(end.code)
        except Trap as trap:
            data |= {"outcome": "exhausted" if isinstance(trap, Exhaustion) else "trapped", "trap": _trap_data(trap)}
            if form == "json":
                emit(Report(data), form, output)
            raise
    emit(Report(data, lines), form, output)
    return code


def _refuse_twice(settings: dict[str, Any]) -> None:
    streams.refuse_twice([settings["module"], settings["declarations"], settings["stdin"]], "input")


def _run(module: Module, is_program: bool, settings: dict[str, Any], found: dict[str, Any]) -> Document:
    """Instantiate and call; put what happened into ``found``."""
    from .wasi import make_world

    arguments = settings["arguments"]
    name = settings["invoke"] or _default_export(module)
    if name is None and arguments:
        raise click.UsageError("there is nothing to give arguments to; name an export with --invoke")
    if name is not None:
        _known(module, name)
    world = make_world(module, settings["module"], arguments if is_program else (), settings)
    given = () if is_program else arguments
    if world is None:
        return _run_in(None, module, name, given, settings, found)
    with world.written_back(found):
        return _run_in(world.wasi, module, name, given, settings, found)


def _run_in(
    wasi: Wasi | None, module: Module, name: str | None, arguments: Sequence[str], settings: dict[str, Any],
    found: dict[str, Any],
) -> Document:  # fmt: skip
    from ..equiv.hosts.stubs import Stubs
    from ..runtime import Store, StoreLimits
    from .stubs import Listener

    limit = settings["memory_limit"]
    limits = StoreLimits(fuel=settings["fuel"], memory_bytes=_MEMORY if limit is None else limit)
    interface = _interface(settings["declarations"])
    trace, log = settings["trace"], found["host_calls"] if settings["log"] else None
    heard = Listener(log, trace) if trace or log is not None else None
    stubs = Stubs(module, Store(limits), settings["host_seed"], interface.imports, wasi, heard, hears_wasi=True)
    declared = next((each for each in interface.exports if each.name == name), None)
    instance = _instantiate(module, stubs, settings)
    if name not in ("_start", "_initialize"):
        _initialize(instance, module)
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
    from .wasi import refuse_other_types

    stubbed = settings["stub_imports"] or settings["host_seed"] is not None
    if not stubbed:
        missing = unresolved(module)
        if missing is not None:
            raise missing
        refuse_other_types(module)
    return instantiate(module, stubs.imports(), stubs.store)


def _initialize(instance: Instance, module: Module) -> None:
    """A library of WASI wants to be told before anything else is called; programs do not."""
    from ..model import Func

    export = module.export("_initialize")
    if export is None or not isinstance(export.item, Func) or module.export("_start") is not None:
        return
    func = instance.funcs[_index(module, "_initialize")]
    if not func.type.params and not func.type.results:
        func.invoke([])


def _call(instance: Instance, module: Module, name: str, declared: Declaration | None) -> Call:
    from .calls import Call

    func = instance.funcs[_index(module, name)]
    call = Call(instance, module, name, func, declared)
    return replace(call, stack_pointer=_stack_pointer(instance, module)) if call.through_pointer else call


def _index(module: Module, name: str) -> int:
    """The index of what is exported as ``name``, -1 if nothing is."""
    from ..explain.items import Indices

    export = module.export(name)
    return -1 if export is None else Indices(module).of(export.item)


def _default_export(module: Module) -> str | None:
    return None if module.export("_start") is None else "_start"


def _known(module: Module, name: str) -> None:
    """Raise ``click.UsageError`` unless an exported function is called ``name``."""
    from ..escape import quoted
    from ..model import Func

    functions = [export.name for export in module.exports if isinstance(export.item, Func)]
    if name not in functions:
        said = "is not a function" if module.export(name) is not None else "does not exist"
        raise click.UsageError(f"export {quoted(name)} {said}{did_you_mean(name, functions)}")


def _interface(path: str | None) -> Interface:
    from ..contract import Interface
    from .declared import read_interface

    return Interface() if path is None else read_interface(path)


def _stack_pointer(instance: Instance, module: Module) -> GlobalVariable | None:
    from .declared import stack_pointer

    index = stack_pointer(module)
    return None if index is None else instance.globals[index]


def _trap_data(trap: Trap) -> dict[str, Any]:
    return {"message": trap.message, "path": list(trap.position.path), "offset": trap.position.offset}
