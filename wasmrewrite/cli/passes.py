"""``wasmrewrite passes``: the passes there are, the options of one. Not here: finding them (``rewrite.registry``)."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import for_terminal
from . import completion
from .options import report_output
from .report import Document, Format, Report, Table, emit

if TYPE_CHECKING:
    from ..rewrite import ModulePass
    from ..rewrite.options import Option

LIST_SCHEMA: Final = "wasmrewrite.passes/1"
PASS_SCHEMA: Final = "wasmrewrite.pass/1"


@click.command
@click.argument("name", required=False, shell_complete=completion.passes)
@click.option("--no-plugins", is_flag=True, help="Look at built-in passes only.")
@report_output
def command(name: str | None, no_plugins: bool, output: str, form: Format) -> None:
    """List passes, or show the options of one.

    Passes of installed packages are listed by name only: nothing of theirs is loaded until they are named.

    \b
    Example:
      wasmrewrite passes
      wasmrewrite passes multi-value
    """
    report = _list(not no_plugins) if name is None else _one(name, not no_plugins)
    emit(report, form, output)


def _list(plugins: bool) -> Report:
    from ..rewrite import registry

    built_in = registry.names(plugins=False)
    found = [{"name": name, "built_in": True, "summary": _summary(registry.find(name, False))} for name in built_in]
    installed = [name for name in registry.names(plugins) if name not in built_in]
    found += [{"name": name, "built_in": False, "summary": None} for name in installed]
    rows = [(for_terminal(str(each["name"])), for_terminal(str(each["summary"] or "(installed)"))) for each in found]
    document: Document = [Table(("pass", "what it does"), rows, (), 0)]
    return Report({"schema": LIST_SCHEMA, "passes": found}, document)


def _one(name: str, plugins: bool) -> Report:
    from ..rewrite import registry
    from ..rewrite.options import options_of

    kind = registry.find(name, plugins)
    options = [_option(option) for option in options_of(kind)]
    shown, help_text = _module_introduction(kind), inspect.getdoc(kind) or ""
    data = {"schema": PASS_SCHEMA, "name": name, "help": help_text, "introduction": shown, "options": options}
    document: Document = [for_terminal(name)]
    for text in (help_text, shown):
        document += ["", *(f"  {_plain(line)}".rstrip() for line in text.splitlines())]
    document.append("")
    return Report(data, [*document, *_option_table(name, options)])


def _summary(kind: type[ModulePass]) -> str:
    """The first sentence of the class's documentation, harmless."""
    words = " ".join((inspect.getdoc(kind) or "").split())
    sentence, dot, _ = words.partition(". ")
    return _plain(sentence + dot.strip())


def _plain(text: str) -> str:
    """A documentation string for a terminal: what it marks as code gets one backtick on each side."""
    return for_terminal(text.replace("``", "`"))


def _module_introduction(kind: type[ModulePass]) -> str:
    """What the file says at its top: what the pass does to what, before and after."""
    return inspect.cleandoc(getattr(sys.modules.get(kind.__module__), "__doc__", None) or "")


def _option(option: Option) -> dict[str, Any]:
    """One option as plain data; its default as text, as one would set it."""
    return {
        "name": option.name,
        "value": option.show or "|".join(option.choices) or _KINDS.get(option.kind, "TEXT"),
        "required": option.required,
        "repeatable": option.repeatable,
        "default": None if option.required else _default(option.default),
        "help": option.help,
    }


_KINDS: Final = {bool: "true|false", int: "N"}


def _default(value: object) -> str | list[str] | None:
    if isinstance(value, tuple):
        return [str(each) for each in value]
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _option_table(name: str, options: list[dict[str, Any]]) -> Document:
    if not options:
        return ["no options"]
    rows = [
        (
            for_terminal(f"{each['name']}={each['value']}") + (" ..." if each["repeatable"] else ""),
            _default_words(each),
            for_terminal(each["help"]),
        )
        for each in options
    ]
    example = f"--pass {name} --set {name}.{options[0]['name']}={options[0]['value']}"
    return [Table(("option", "default", "meaning"), rows, (), 0), "", f"use it as: {for_terminal(example)}"]


def _default_words(option: dict[str, Any]) -> str:
    if option["required"]:
        return "(required)"
    default = option["default"]
    text = " ".join(default) if isinstance(default, list) else default
    return for_terminal(text) if text else "none"
