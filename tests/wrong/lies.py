"""Contracts that do not tell the truth, for right bytes and for wrong ones that they mean to hide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.wrong.in_code import changed, no_restore, operator, swapped_loads
from tests.wrong.rights import Right
from tests.wrong.wrong import Wrong, lied
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Claim,
    Contract,
    CustomChanged,
    DeclaredType,
    Field,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    Scalar,
    Struct,
    parse_type,
)
from wasmrewrite.model import Func, Module

OTHER_SIGN = {"u8": "i8", "i8": "u8", "u16": "i16", "i16": "u16", "u32": "i32", "i32": "u32", "u64": "i64", "i64": "u64"}
OTHER_WIDTH = {"u8": "u16", "i8": "i16", "u16": "u32", "i16": "i32", "bool": "u32", "char": "u16"}
SAME_BITS = {"i64": "f64", "u64": "f64", "u32": "f32", "i32": "f32"}


def _by_value(right: Right) -> list[ReturnsByValue]:
    return [each for each in right.contract.claims if isinstance(each, ReturnsByValue)]


def _instead(right: Right, old: Claim, *new: Claim) -> Contract:
    claims = tuple(other for each in right.contract.claims for other in (new if each is old else (each,)))
    return replace(right.contract, claims=claims)


def _and(right: Right, *claims: Claim) -> Contract:
    return replace(right.contract, claims=(*right.contract.claims, *claims))


def _renamed_scalars(declared: DeclaredType, table: dict[str, str]) -> DeclaredType | None:
    """The first field that the table knows, as another scalar."""
    if not isinstance(declared, Struct):
        return None
    fields = list(declared.fields)
    for at, each in enumerate(fields):
        if isinstance(each.type, Scalar) and each.type.name in table:
            fields[at] = replace(each, type=Scalar(table[each.type.name]))
            return replace(declared, fields=tuple(fields))
    return None


def layouts(right: Right, each: ReturnsByValue) -> Iterator[Wrong]:
    """Another declared result than the user's."""
    name = each.name
    for label, table in (("sign", OTHER_SIGN), ("width", OTHER_WIDTH), ("float", SAME_BITS)):
        other = _renamed_scalars(each.result, table)
        if other is not None:
            yield lied(right, f"{name}-{label}", _instead(right, each, replace(each, result=other)))
    if isinstance(each.result, Struct) and len(each.result.fields) > 1:
        fields = each.result.fields
        for label, new in {
            "reversed": fields[::-1],
            "shorter": fields[:-1],
            "longer": (*fields, replace(fields[-1], offset=None if fields[-1].offset is None else fields[-1].offset + 64)),
        }.items():
            if str(Struct(new)) != str(each.result):
                yield lied(right, f"{name}-{label}", _instead(right, each, replace(each, result=Struct(new))))
        if all(isinstance(field.type, Scalar) and field.type.name in ("i64", "u64") for field in fields):
            turned = tuple(Field(field.type, field.name, 8 * (len(fields) - 1 - at)) for at, field in enumerate(fields))
            yield lied(right, f"{name}-turned", _instead(right, each, replace(each, result=Struct(turned))))
        padded = replace(each.result, size=4096)
        yield lied(right, f"{name}-padded", _instead(right, each, replace(each, result=padded)))
    yield lied(right, f"{name}-pointer", _instead(right, each, replace(each, pointer=each.pointer + 1)))
    yield lied(right, f"{name}-memory", _instead(right, each, replace(each, memory=each.memory + 1)))
    yield lied(right, f"{name}-unclaimed", _instead(right, each))
    if each.kind == "export":
        yield lied(right, f"{name}-removed-too", _and(right, Removed("export", each.new_name or name)))


def hidden(right: Right) -> Iterator[Wrong]:
    """Wrong bytes, and a claim that is to explain them away."""
    for index in right.wrappers()[:1]:
        for wrong in changed(right, index, (swapped_loads, no_restore)):
            count = len(Module.from_bytes(right.before).funcs)
            excuses = tuple(BehaviourChanged(old, "on purpose") for old in range(count))
            contract = replace(right.contract, claims=(*right.contract.claims, *excuses))
            yield replace(wrong, name=f"{wrong.name}-everything-excused", contract=contract, lying=True)
            pointer = replace(right.contract, stack_pointer=1)
            yield replace(wrong, name=f"{wrong.name}-other-stack-pointer", contract=pointer, lying=True)


def neighbours(right: Right) -> Iterator[Wrong]:
    """A function that was changed, and an excuse for another one."""
    module = Module.from_bytes(right.before)
    exported = [each.item for each in module.exports if isinstance(each.item, Func) and not each.item.imported]
    maps = next((each.runs for each in right.contract.maps if each.space == "function"), None)
    for func in exported[:3]:
        old = func.index0 or 0
        new = old if maps is None else next(run.new + old - run.old for run in maps if run.old <= old < run.old + run.count)
        others = [each.index0 or 0 for each in exported if each is not func]
        for wrong in changed(right, new, (operator,)):
            if others:
                contract = _and(right, BehaviourChanged(others[-1], "on purpose"))
                yield replace(wrong, name=f"{wrong.name}-neighbour-excused", contract=contract, lying=True)
            count = len(module.funcs)
            kept = tuple(Run(at, at if maps is None else new + at - old, 1) for at in range(count) if at != old)
            contract = replace(right.contract, maps=(*(m for m in right.contract.maps if m.space != "function"), IndexMap("function", kept)))
            yield replace(wrong, name=f"{wrong.name}-said-to-be-new", contract=contract, lying=True)


def claims(right: Right) -> Iterator[Wrong]:
    """Right bytes, and a claim of something that did not happen."""
    before, after = Module.from_bytes(right.before), Module.from_bytes(right.after)
    contract = right.contract
    exports = [each.name for each in before.exports]
    functions = [each.name for each in before.exports if isinstance(each.item, Func)]
    false: dict[str, tuple[Claim, ...]] = {
        "removed-export": (Removed("export", exports[-1]),),
        "removed-nothing": (Removed("export", "no such export"),),
        "added-export": (Added("export", "no such export"),),
        "added-import": (Added("import", "no such import", module="env"),),
        "removed-import": (Removed("import", "no such import", module="env"),),
        "renamed-nothing": (Renamed("export", "no such export", exports[-1]),),
        "renamed-import": (Renamed("import", "no such import", "other", module="env", new_module="js"),),
        "custom-that-is-not": (CustomChanged("no such section", "whatever"),),
        "custom-removed": (Removed("custom", "no such section"),),
        "instantiation": (InstantiationCalls((before.find_func(functions[0]).index0 or 0), ("i32:1",) * 9),),
        "no-longer": (InstantiationNoLongerCalls(len(before.funcs) - 1),),
    }
    if len(functions) > 1:
        one, other = functions[0], functions[-1]
        false["renamed-crosswise"] = (Renamed("export", one, other), Renamed("export", other, one))
    same = {each.name for each in before.customs} & {each.name for each in after.customs}
    claimed = {each.name for each in contract.claims if isinstance(each, CustomChanged)}
    for name in sorted(same - claimed)[:1]:
        false["custom-unchanged"] = (CustomChanged(name, "whatever"),)
        false["custom-still-there"] = (Removed("custom", name),)
    for label, each in false.items():
        yield lied(right, label, _and(right, *each))
    for index in {each.item.index0 or 0 for each in before.exports if isinstance(each.item, Func)}:
        yield lied(right, f"needless-{index}", _and(right, BehaviourChanged(index, "whatever")))
        break
    for kind in sorted({type(each) for each in contract.claims}, key=lambda each: each.__name__):
        kept = tuple(each for each in contract.claims if type(each) is not kind)
        yield lied(right, f"without-{kind.__name__}", replace(contract, claims=kept))


def maps(right: Right) -> Iterator[Wrong]:
    """Index maps and redirections that are not so."""
    before, after = Module.from_bytes(right.before), Module.from_bytes(right.after)
    contract = right.contract
    others = tuple(each for each in contract.maps if each.space != "function")
    old = len(before.funcs)
    shift = len(after.funcs) - old
    imported = sum(each.imported for each in before.funcs)
    false = {
        "wide": (Run(0, 0, old + 50),),
        "double": (Run(0, 0, old), Run(old - 1, len(after.funcs) - 1, 1)),
        "shifted": (Run(0, 1, old),) if shift else (Run(0, 1, old - 1),),
        "crosswise": (Run(0, 0, imported), Run(imported, imported + 1, 1), Run(imported + 1, imported, 1), Run(imported + 2, imported + 2, old - imported - 2)),
        "nothing": (),
    }
    for label, runs in false.items():
        known = next((each.runs for each in contract.maps if each.space == "function"), (Run(0, 0, old),))
        if runs != known:
            yield lied(right, f"map-{label}", replace(contract, maps=(*others, IndexMap("function", runs))))
    if len(before.globals) > 1:
        crossed = IndexMap("global", (Run(0, 1, 1), Run(1, 0, 1), Run(2, 2, len(before.globals) - 2)))
        yield lied(right, "globals-crosswise", replace(contract, maps=(*(m for m in contract.maps if m.space != "global"), crossed)))
        yield lied(right, "stack-pointer", replace(contract, stack_pointer=len(before.globals) - 1))
    yield lied(right, "stack-pointer-outside", replace(contract, stack_pointer=len(before.globals) + 3))
    for redirected in contract.redirected[:2]:
        rest = tuple(each for each in contract.redirected if each is not redirected)
        strangers = [index for index in right.new_funcs() if index != redirected.new]
        if strangers:
            yield lied(right, f"redirect-{redirected.old}", replace(contract, redirected=(*rest, replace(redirected, new=strangers[-1]))))
        yield lied(right, f"redirect-{redirected.old}-to-itself", replace(contract, redirected=(*rest, replace(redirected, new=redirected.old))))
    yield lied(right, "redirect-added", replace(contract, redirected=(*contract.redirected, Redirected("function", old - 1, old - 2))))
    yield lied(right, "no-contract", Contract()) if contract != Contract() else lied(right, "unknown-space", Contract(maps=(IndexMap("funcs", ()),)))


def instantiation(right: Right) -> Iterator[Wrong]:
    """Other functions or arguments than instantiation calls, or the same twice."""
    module = Module.from_bytes(right.before)
    for each in (each for each in right.contract.claims if isinstance(each, InstantiationCalls)):
        fitting = [func.index0 or 0 for func in module.funcs if func.type is module.funcs[each.old].type and func.index0 != each.old]
        if fitting:
            yield lied(right, "calls-another", _instead(right, each, replace(each, old=fitting[-1])))
        yield lied(right, "calls-twice", _and(right, each))
        if each.args:
            kind, _, value = each.args[0].partition(":")
            yield lied(right, "calls-with-other", _instead(right, each, replace(each, args=(f"{kind}:{int(value) + 1}", *each.args[1:]))))
        yield lied(right, "calls-nothing", _instead(right, each))
        yield lied(right, "calls-no-longer", _and(right, InstantiationNoLongerCalls(each.old)))


def results(right: Right) -> Iterator[Wrong]:
    """Lies about results, for up to three claims of a rewrite."""
    found = _by_value(right)
    for each in dict.fromkeys(found[:: max(1, len(found) // 3)]):
        yield from layouts(right, each)
    if found:
        nobody = ReturnsByValue("export", "no such export", parse_type("(i64, i64)"))
        yield lied(right, "returns-nothing", _and(right, nobody))
