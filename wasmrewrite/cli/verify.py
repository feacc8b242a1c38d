"""``wasmrewrite verify``: ask the judge. Not here: judging (``equiv``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from . import completion, exits, streams
from .escape import for_terminal
from .options import FILE, report_output
from .report import Format, Report, emit
from .streams import Input

if TYPE_CHECKING:
    from ..contract import Contract, InstantiationCalls, Interface
    from ..equiv import Verdict
    from ..model import Module

REPLAY_SCHEMA: Final = "wasmrewrite.replay/1"


@click.command(cls=completion.ModuleCommand)
@click.argument("before", type=FILE, required=False)
@click.argument("after", type=FILE, required=False)
@click.option("--contract", type=FILE, help="What the rewrite claims, as 'rewrite --contract' wrote it.")
@click.option("--interface", type=FILE, help="What you declare: claims of results by value have to agree with it.")
@click.option(
    "--start",
    "starts",
    multiple=True,
    metavar="NAME[=ARGS]",
    shell_complete=completion.exported_functions,
    help="Function that instantiation should also call, with arguments such as i32:5,i64:6; overrides the contract.",
)
@click.option(
    "--calls", metavar="N", type=click.IntRange(min=0), default=400, show_default=True, help="How many, about."
)
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Arguments are drawn from this.")
@click.option("--stack-pointer", type=click.IntRange(min=0), metavar="N", help="Global of BEFORE, if it is not found.")
@click.option(
    "--host",
    metavar="MODULE:NAME",
    help="Python functions that answer imports: a mapping, or a function that makes one, in an installed module.",
)
@click.option(
    "--outside",
    type=click.Choice(["wasmtime"]),
    help="Play the calls in this engine too: it has to agree, and compares what the own engine cannot execute.",
)
@click.option(
    "--case",
    type=FILE,
    metavar="OUT|DIR",
    help="Write the calls that show the first difference; without modules: judge the case that fuzz left in DIR.",
)
@click.option("--replay", type=FILE, metavar="SCRIPT", help="Run nothing but the calls that --case wrote.")
@report_output
def command(before: str | None, after: str | None, output: str, form: Format, **settings: Any) -> int:
    """Prove that a rewritten module still does the same.

    Compares both files byte for byte, up to what is claimed, then runs both on the same calls. Everything has to be
    the same except for what the contract claims, and what it claims has to be true; without a contract, everything.

    Exit codes: 0 same, 1 different, 5 inconclusive, which means that nothing differed but not all changed code ran.

    \b
    Example:
      wasmrewrite verify app.wasm new.wasm --contract contract.json
      wasmrewrite verify app.wasm new.wasm --contract contract.json --interface interface.toml --start init
      wasmrewrite verify app.wasm new.wasm --contract contract.json --host my_package.hosts:make
      wasmrewrite verify app.wasm new.wasm --contract contract.json --outside wasmtime
      wasmrewrite verify --case cases/differs-0-107
    """
    if before is None and settings["case"] is not None:
        from .case import judge_again

        return judge_again(settings["case"], settings["calls"], output, form)
    if before is None or after is None:
        raise click.UsageError(f"argument '{'BEFORE' if before is None else 'AFTER'}' is missing")
    streams.refuse_twice([before, after, settings["contract"], settings["interface"], settings["replay"]], "input")
    streams.refuse_twice([output, settings["case"]], "output")
    old, new = streams.read_module(before), streams.read_module(after)
    with old.blamed():
        if settings["replay"] is not None:
            return _replay(settings, old, new, output, form)
        return _verify(old, new, settings, output, form)


def _verify(old: Input, new: Input, settings: dict[str, Any], output: str, form: Format) -> int:
    from ..contract import Interface
    from ..equiv import Same, verify
    from . import hosts
    from .declared import read_interface

    interface = None if settings["interface"] is None else read_interface(settings["interface"])
    contract = _contract(settings["contract"], interface or Interface(), settings["starts"], old, new)
    verdict = verify(
        old.data,
        new.data,
        contract,
        calls=settings["calls"],
        seed=settings["seed"],
        stack_pointer=settings["stack_pointer"],
        interface=interface,
        host=None if settings["host"] is None else hosts.load(settings["host"]),
        outside=settings["outside"],
    )
    script = getattr(verdict, "script", None)
    if settings["case"] is not None and script is not None:
        streams.write_all([(settings["case"], (script.dumps() + "\n").encode())])
    emit(Report(verdict.to_json(), [*verdict.text().splitlines()]), form, output)
    return exits.FINE if isinstance(verdict, Same) else _code(verdict)


def _code(verdict: Verdict) -> int:
    from ..equiv import Differs

    return exits.FOUND if isinstance(verdict, Differs) else exits.INCONCLUSIVE


def _contract(
    path: str | None, interface: Interface, starts: tuple[str, ...], old: Input, new: Input
) -> Contract | None:
    """The contract of the command line. What the user says of the start function replaces what the rewrite claims."""
    from dataclasses import replace

    from ..contract import Contract, InstantiationCalls
    from ..model import Module

    if path is None and not starts and not interface.exports:
        return None
    before = Module.from_bytes(old.data)
    contract = _declared_contract(interface, before, new) if path is None else _read_contract(path)
    if not starts:
        return contract if contract != Contract() else None
    claims = [claim for claim in contract.claims if not isinstance(claim, InstantiationCalls)]
    return replace(contract, claims=(*claims, *(_start(text, before) for text in starts)))


def _read_contract(path: str) -> Contract:
    from ..contract import contract_from_json
    from ..errors import ConfigError

    try:
        value = json.loads(streams.read_text(path))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{for_terminal(path)} is no JSON: {error}") from None
    return contract_from_json(value)


def _declared_contract(interface: Interface, before: Module, new: Input) -> Contract:
    """Without a contract: exports that return by value now, as the interface declares, are taken to be meant."""
    from ..contract import Contract, ReturnsByValue
    from ..isa.types import func_type
    from ..model import Func, Module
    from .declared import memory_index

    with new.blamed():
        after = Module.from_bytes(new.data)
        now = {export.name: export.item for export in after.exports}
    claims = []
    for declared in interface.exports:
        was, item = before.export(declared.name), now.get(declared.name)
        if declared.result is None or not declared.by_value or was is None or not isinstance(item, Func):
            continue
        if isinstance(was.item, Func) and not func_type(was.item.type).results and func_type(item.type).results:
            memory = memory_index(declared, before)
            claims.append(
                ReturnsByValue("export", declared.name, declared.result, pointer=declared.pointer, memory=memory)
            )
    return Contract(claims=tuple(claims))


def _start(text: str, before: Module) -> InstantiationCalls:
    from ..contract import InstantiationCalls
    from ..errors import RewriteError
    from ..rewrite import function_names
    from .describe import Indices
    from .suggest import did_you_mean

    name, _, arguments = text.partition("=")
    try:
        index = Indices(before).of(before.find_func(name))
    except RewriteError as error:
        known = () if before.export(name) is not None else function_names(before, imports=False)
        raise click.UsageError(error.message + did_you_mean(name, known)) from None
    return InstantiationCalls(index, tuple(filter(None, (word.strip() for word in arguments.split(",")))))


def _replay(settings: dict[str, Any], old: Input, new: Input, output: str, form: Format) -> int:
    from ..equiv import Script, replay
    from . import hosts

    host = None if settings["host"] is None else hosts.load(settings["host"])
    difference = replay(Script.loads(streams.read_text(settings["replay"])), old.data, new.data, host)
    found = None if difference is None else {"where": difference.where, "old": difference.old, "new": difference.new}
    lines = ["the script shows no difference" if difference is None else for_terminal(str(difference))]
    emit(Report({"schema": REPLAY_SCHEMA, "difference": found}, [*lines]), form, output)
    return exits.FINE if difference is None else exits.FOUND
