"""Remarks of one kind taken together: how many, and one command for all of them.

Not here: remarks, how they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from .examined import Examined
from .remark import OUT, Remark

_WORDS: Final = {
    "export-result": "{count} exports may return through a pointer",
    "export-result-proved": "{count} exports return through a pointer, as debug information says",
    "import-result": "{count} imports may return through a pointer",
    "feature": "{count} features are used, but not declared in target_features",
}
_INTERFACE: Final = "interface.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """Remarks of one kind and weight.

    ``command`` is about all of them; ``then`` follows it if it only drafts a file.
    """

    remarks: tuple[Remark, ...]
    what: str
    command: tuple[str, ...]
    then: tuple[str, ...] = ()

    @property
    def mends(self) -> bool:
        """True if the command does something about all of them."""
        return OUT in self.command

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, without the remarks."""
        first = self.remarks[0]
        return {
            "topic": first.topic,
            "weight": first.weight,
            "kind": first.kind,
            "rule": first.rule,
            "count": len(self.remarks),
            "what": self.what,
            "command": ["wasmrewrite", *self.command],
            "then": ["wasmrewrite", *self.then] if self.then else None,
            "mends": self.mends,
        }


def kinds(remarks: Sequence[Remark], about: Examined) -> list[Kind]:
    """The kinds of remarks, in the order of the first of each."""
    found: dict[tuple[str, str, str], list[Remark]] = {}
    for each in remarks:
        found.setdefault((each.topic, each.weight, each.kind), []).append(each)
    return [_kind(tuple(same), about) for same in found.values()]


def _kind(remarks: tuple[Remark, ...], about: Examined) -> Kind:
    first = remarks[0]
    if len(remarks) == 1:
        return Kind(remarks, first.what, first.command)
    if first.rule is not None:
        return _of_rule(remarks, first.rule, about)
    what = _WORDS.get(first.kind, "{count} remarks of one kind: " + first.kind).format(count=len(remarks))
    if first.kind == "export-result-proved" and all(each.mends for each in remarks):
        return Kind(remarks, what, about.rewrite("multi-value", "layouts=dwarf"))
    if about.draft in (each.command for each in remarks) or first.kind == "export-result":
        return Kind(remarks, what, about.draft, _with_interface(remarks, about))
    return Kind(remarks, what, first.command)


def _with_interface(remarks: tuple[Remark, ...], about: Examined) -> tuple[str, ...]:
    """What to do with a draft when it has been read through; nothing if nobody could use it."""
    if about.is_object or (remarks[0].kind != "import-result" and not any(each.mends for each in remarks)):
        return ()
    pass_run = about.rewrite("multi-value")
    return (*pass_run, "--declarations", _INTERFACE)


def _of_rule(remarks: tuple[Remark, ...], code: str, about: Examined) -> Kind:
    from ..lint import find

    what = f"{len(remarks)} findings of {code} {find(code).rule_name()}"
    lint = ("lint", about.path, "--select", code)
    mends = all(each.mends for each in remarks)
    return Kind(remarks, what, (*lint, "--fix", "-o", OUT) if mends else (*lint, "--all"))
