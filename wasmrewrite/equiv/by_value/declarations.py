"""By-value claims against what the *user* declared: a contract may only repeat it.

Not here: whether the declaration is true of the code (``script_runs``, ``overrun``).
"""

from __future__ import annotations

from ...contract import Declaration, Interface, ReturnsByValue
from ..structure.index_maps import Plan


def contradictions(plan: Plan, interface: Interface | None) -> list[str]:
    """Claims of returning by value that an interface does not bear out."""
    if interface is None:
        return []
    exports = {entry.name: entry for entry in interface.exports}
    imports = {(entry.module, entry.name): entry for entry in interface.imports}
    found = [_contradiction(claim, exports.get(claim.name)) for claim in plan.exports.values()]
    found += [_contradiction(claim, imports.get((claim.module, claim.name))) for claim in plan.imports.values()]
    return [sentence for sentence in found if sentence]


def _contradiction(claim: ReturnsByValue, declared: Declaration | None) -> str:
    name = claim.name if claim.module is None else f"{claim.module}.{claim.name}"
    said = f"claims that {claim.kind} {name!r} returns {claim.result}"
    if declared is None or declared.result is None:
        return f"{said}, which nobody declared"
    if str(declared.result) != str(claim.result):
        return f"{said}, but it is declared to return {declared.result}"
    if declared.pointer != claim.pointer:
        return f"claims that {claim.kind} {name!r} has its pointer at {claim.pointer}, declared is {declared.pointer}"
    return ""
