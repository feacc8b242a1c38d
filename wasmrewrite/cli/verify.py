"""``wasmrewrite verify``: ask the judge. Not here: judging (``equiv``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import for_terminal
from . import completion, exits, streams
from .options import FILE, Integer, Whole, report_output
from .report import Format, Report, emit
from .streams import Input

if TYPE_CHECKING:
    from ..contract import Contract, InstantiationCalls, Interface
    from ..equiv import Verdict
    from ..model import Module
    from .declared import Described

REPLAY_SCHEMA: Final = "wasmrewrite.replay/2"
_SHOWN: Final = 10
"""Reasons that are told of exports whose results nobody declares."""


@click.command(cls=completion.ModuleCommand)
@click.argument("before", type=FILE, required=False)
@click.argument("after", type=FILE, required=False)
@click.option("--contract", type=FILE, help="What the rewrite claims, as 'rewrite --write-contract' wrote it.")
@click.option("--declarations", type=FILE, help="What you declare: claims of results by value have to agree with it.")
@click.option(
    "--layouts",
    type=click.Choice(["declared", "dwarf"]),
    help="What counts as declared of exports that --declarations leaves out: nothing (declared), or what debug "
    "information of BEFORE proves (dwarf). Default: dwarf with --declarations.",
)
@click.option(
    "--expect-start",
    "starts",
    multiple=True,
    metavar="NAME[=ARGS]",
    shell_complete=completion.exported_functions,
    help="Function that instantiation should also call, with arguments such as i32:5,i64:6; overrides the contract.",
)
@click.option("--calls", metavar="N", type=Whole(min=0), default=400, show_default=True, help="How many, about.")
@click.option(
    "--seed", metavar="N", type=Integer(), default=0, show_default=True, help="Arguments are drawn from this."
)
@click.option("--stack-pointer", type=Whole(min=0), metavar="N", help="Global of BEFORE, if it is not found.")
@click.option(
    "--host",
    metavar="MODULE:NAME",
    help="Python functions that answer imports: a mapping, or a function that makes one, in an installed module.",
)
@click.option(
    "--cross-check",
    type=click.Choice(["wasmtime"]),
    help="Play the calls in this engine too: it has to agree, and compares what the own engine cannot execute.",
)
@click.option(
    "--save-reproducer",
    type=FILE,
    metavar="OUT",
    help="Write the calls that show the first difference, for --replay.",
)
@click.option("--case", type=FILE, metavar="DIR", help="Verify a case that fuzz saved, instead of two modules.")
@click.option("--replay", type=FILE, metavar="FILE", help="Make only the calls that --save-reproducer wrote.")
@report_output
def command(before: str | None, after: str | None, output: str, form: Format, **settings: Any) -> int:
    """Prove that a rewritten module still does the same.

    Compares both files byte for byte, up to what is claimed, then runs both on the same calls. Everything has to be
    the same except for what the contract claims, and what it claims has to be true; without a contract, everything.

    Exit codes: 0 same, 1 different, 5 inconclusive, which means that nothing differed but not all changed code ran.

    \b
    Example:
      wasmrewrite verify app.wasm new.wasm --contract contract.json
      wasmrewrite verify app.wasm new.wasm --contract contract.json --declarations interface.toml --expect-start init
      wasmrewrite verify app.wasm new.wasm --contract contract.json --layouts dwarf
      wasmrewrite verify app.wasm new.wasm --contract contract.json --host my_package.hosts:make
      wasmrewrite verify app.wasm new.wasm --contract contract.json --cross-check wasmtime
      wasmrewrite verify --case cases/differs-0-107
    """
    if settings["case"] is not None:
        if before is not None:
            raise click.UsageError("--case takes no modules; use --save-reproducer OUT to write a reproducer")
        from .case import judge_again

        return judge_again(settings["case"], settings["calls"], output, form)
    if before is None or after is None:
        raise click.UsageError(f"argument '{'BEFORE' if before is None else 'AFTER'}' is missing")
    streams.refuse_twice([before, after, settings["contract"], settings["declarations"], settings["replay"]], "input")
    streams.refuse_twice([output, settings["save_reproducer"]], "output")
    old, new = streams.read_module(before), streams.read_module(after)
    with old.blamed():
        if settings["replay"] is not None:
            return _replay(settings, old, new, output, form)
        return _verify(old, new, settings, output, form)


def _verify(old: Input, new: Input, settings: dict[str, Any], output: str, form: Format) -> int:
    from ..equiv import Same, verify
    from ..model import Module
    from . import hosts

    before = Module.from_bytes(old.data)
    contract = None if settings["contract"] is None else _read_contract(settings["contract"])
    declared = _declared(settings, contract, before, new)
    interface = None if declared is None else declared.interface
    contract = _contract(contract, interface, settings["starts"], before, new)
    verdict = verify(
        old.data,
        new.data,
        contract,
        calls=settings["calls"],
        seed=settings["seed"],
        stack_pointer=settings["stack_pointer"],
        interface=interface,
        host=None if settings["host"] is None else hosts.load(settings["host"]),
        outside=settings["cross_check"],
    )
    if settings["save_reproducer"] is not None:
        _save(verdict, settings["save_reproducer"])
    data = {**verdict.to_json(), "declared_by_debug_information": list(declared.added if declared is not None else ())}
    emit(Report(data, [*verdict.text().splitlines(), *_debug_lines(declared, verdict)]), form, output)
    return exits.FINE if isinstance(verdict, Same) else _code(verdict)


def _save(verdict: Verdict, path: str) -> None:
    """Write the calls that show a difference, or say why there are none to write."""
    from ..equiv import Different

    if not isinstance(verdict, Different):
        return
    if verdict.script is not None:
        streams.write_all([(path, (verdict.script.dumps() + "\n").encode())])
        return
    click.echo(f"note: {for_terminal(path)} was not written: no call is needed to show the difference", err=True)


def _code(verdict: Verdict) -> int:
    from ..equiv import Different

    return exits.FOUND if isinstance(verdict, Different) else exits.INCONCLUSIVE


def _declared(settings: dict[str, Any], contract: Contract | None, before: Module, new: Input) -> Described | None:
    """What the user declares, by a file or by asking for debug information; None if nothing is."""
    from ..contract import Interface
    from .declared import Described, read_interface, with_debug_information

    path, layouts = settings["declarations"], settings["layouts"]
    if path is None and layouts != "dwarf":
        return None
    interface = Interface() if path is None else read_interface(path)
    if layouts == "declared":
        return Described(interface)
    return with_debug_information(interface, before, _in_question(contract, before, new), layouts == "dwarf")


def _in_question(contract: Contract | None, before: Module, new: Input) -> list[str]:
    """Exports that return by value now, as the contract claims, or without one by their types."""
    from ..contract import ReturnsByValue

    if contract is None:
        return _by_value_now(before, _module(new))
    claims = [each for each in contract.claims if isinstance(each, ReturnsByValue)]
    return [each.name for each in claims if each.kind == "export"]


def _debug_lines(declared: Described | None, verdict: Verdict) -> list[str]:
    """Whose word was taken, and why it could not be."""
    from ..equiv import Same

    if declared is None:
        return []
    names = ", ".join(map(_in_quotes, declared.added))
    lines = [f"  note: declared by debug information of the input only: {names}"] if names else []
    refused = () if isinstance(verdict, Same) else declared.refused[:_SHOWN]
    return lines + [f"  note: debug information of the input on {_in_quotes(k)}: {for_terminal(v)}" for k, v in refused]


def _in_quotes(name: str) -> str:
    return f"'{for_terminal(name)}'"


def _contract(
    contract: Contract | None, interface: Interface | None, starts: tuple[str, ...], before: Module, new: Input
) -> Contract | None:
    """The contract to judge by. What the user says of the start function replaces what the rewrite claims."""
    from dataclasses import replace

    from ..contract import Contract, InstantiationCalls

    if contract is None and interface is not None:
        # A contract from a file counts even if it claims nothing; an interface that bears out nothing is none.
        found = _declared_contract(interface, before, new)
        contract = found if found.claims else None
    if not starts:
        return contract
    contract = contract or Contract()
    claims = [claim for claim in contract.claims if not isinstance(claim, InstantiationCalls)]
    return replace(contract, claims=(*claims, *(_start(text, before) for text in starts)))


def _read_contract(path: str) -> Contract:
    from ..contract import contract_from_json
    from ..errors import ConfigError

    try:
        value = json.loads(streams.read_text(path))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{for_terminal(path)} is no JSON: {error}") from None
    with _named(path):
        return contract_from_json(value)


@contextmanager
def _named(path: str) -> Iterator[None]:
    """What is wrong with the contents of a file begins with the file's name."""
    from ..errors import ConfigError

    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{for_terminal(path)}: {error.message}") from None


def _declared_contract(interface: Interface, before: Module, new: Input) -> Contract:
    """Without a contract: exports that return by value now, as the interface declares, are taken to be meant.

    Wrappers may have names, too; that the old ones still go where their items go is looked at all the same.
    """
    from ..contract import Contract, CustomChanged, ReturnsByValue
    from ..equiv.by_value.results import memory_index

    after = _module(new)
    now = set(_by_value_now(before, after))
    meant = [each for each in interface.exports if each.by_value and each.name in now]
    claims = [
        ReturnsByValue("export", each.name, each.result, pointer=each.pointer, memory=memory_index(each, before))
        for each in meant
        if each.result is not None
    ]
    names, names_now = _names(before), _names(after)
    named_anew = bool(claims and names and names_now and names != names_now)
    return Contract(claims=(*claims, *([CustomChanged("name", "functions were added")] if named_anew else ())))


def _names(module: Module) -> list[bytes]:
    return [each.data for each in module.customs if each.name == "name"]


def _module(new: Input) -> Module:
    from ..model import Module

    with new.blamed():
        module = Module.from_bytes(new.data)
        _ = module.exports  # what is malformed in them is the output's fault
        return module


def _by_value_now(before: Module, after: Module) -> list[str]:
    """Exported functions without results that have some in the output."""
    from ..isa.types import func_type
    from ..model import Func

    now = {export.name: export.item for export in after.exports}
    found = []
    for export in before.exports:
        item = now.get(export.name)
        if isinstance(export.item, Func) and isinstance(item, Func) and not func_type(export.item.type).results:
            found += [export.name] if func_type(item.type).results else []
    return found


def _start(text: str, before: Module) -> InstantiationCalls:
    from ..contract import InstantiationCalls
    from ..errors import RewriteError
    from ..explain.items import Indices
    from ..rewrite import function_names
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
    text = streams.read_text(settings["replay"])
    with _named(settings["replay"]):
        script = Script.loads(text)
    difference = replay(script, old.data, new.data, host)
    found = None if difference is None else difference.to_json()
    lines = ["the reproducer shows no difference"] if difference is None else difference.lines()
    lines = [for_terminal(line) for line in lines]
    emit(Report({"schema": REPLAY_SCHEMA, "summary": lines[0], "difference": found}, [*lines]), form, output)
    return exits.FINE if difference is None else exits.FOUND
