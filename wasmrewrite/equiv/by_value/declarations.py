"""By-value claims against what the *user* declared: a contract may only repeat it.

Not here: whether the declaration is true of the code (``script_runs``, ``overrun``).
"""

from __future__ import annotations

from ...contract import Declaration, DeclaredType, Interface, ReturnsByValue
from ...errors import ConfigError
from ...isa.immediates import Space
from ...model import Import, Memory
from ..structure.index_maps import Plan
from ..structure.module_view import View
from .layouts import Layout, layout

_POINTERS = (4, 8)


def contradictions(plan: Plan, interface: Interface | None, old: View) -> list[str]:
    """Claims of returning by value that an interface does not bear out; ``old`` is the input."""
    if interface is None:
        return []
    exports = {entry.name: entry for entry in interface.exports}
    imports = {(entry.module, entry.name): entry for entry in interface.imports}
    found = [_contradiction(claim, exports.get(claim.name), old) for claim in plan.exports.values()]
    found += [_contradiction(claim, imports.get((claim.module, claim.name)), old) for claim in plan.imports.values()]
    return [sentence for sentence in found if sentence]


def _contradiction(claim: ReturnsByValue, declared: Declaration | None, old: View) -> str:
    name = claim.name if claim.module is None else f"{claim.module}.{claim.name}"
    said = f"claims that {claim.kind} {name!r} returns {claim.result}"
    if declared is None or declared.result is None:
        return f"{said}, which is not declared"
    if not _are_alike(declared.result, claim.result):
        return f"{said}, but it is declared to return {declared.result}"
    if declared.pointer != claim.pointer:
        return f"claims that {claim.kind} {name!r} has its pointer at {claim.pointer}, declared is {declared.pointer}"
    memory = _memory(declared, old)
    if memory != claim.memory:
        where = "unknown" if memory is None else memory
        return f"claims that {claim.kind} {name!r} returns through memory {claim.memory}, declared is {where}"
    return ""


def _are_alike(declared: DeclaredType, claimed: DeclaredType) -> bool:
    """Whether two types lie in memory alike, scalar by scalar; names differ only where one has none."""
    if str(declared) == str(claimed):
        return True
    try:
        return all(_same_layout(layout(declared, size), layout(claimed, size)) for size in _POINTERS)
    except ConfigError:
        return False


def _same_layout(one: Layout, other: Layout) -> bool:
    if (one.size, one.align, len(one.leaves)) != (other.size, other.align, len(other.leaves)):
        return False
    return all(
        (mine.scalar, mine.offset) == (yours.scalar, yours.offset) and _same_name(mine.path, yours.path)
        for mine, yours in zip(one.leaves, other.leaves, strict=True)
    )


def _same_name(one: str, other: str) -> bool:
    """Whether two ways to a scalar are the same, as far as both have names: members without one are numbered."""
    pairs = zip(one.split("."), other.split("."), strict=False)
    return all(mine == yours or mine[0].isdecimal() or yours[0].isdecimal() for mine, yours in pairs)


def _memory(declared: Declaration, old: View) -> int | None:
    """The memory that a declaration names: by index, name, import or export; the first if it names none."""
    wanted = declared.memory
    if not isinstance(wanted, str):
        return wanted or 0
    if wanted.isascii() and wanted.isdecimal():
        return int(wanted[:10])
    space, index = old.export_names().get(wanted, (None, 0))
    if space is Space.MEMORY:
        return index
    memories = enumerate(old.module.memories)
    return next((index for index, each in memories if wanted in _called(each)), None)


def _called(memory: Memory) -> tuple[str | None, ...]:
    origin = memory.origin
    return (memory.name, origin.name, str(origin)) if isinstance(origin, Import) else (memory.name,)
