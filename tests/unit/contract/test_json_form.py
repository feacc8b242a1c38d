"""Contracts survive JSON; anything that is not exactly a contract is refused with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    NameChanged,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    contract_from_json,
    contract_to_json,
    parse_type,
)
from wasmrewrite.errors import ConfigError

FULL = Contract(
    maps=(IndexMap("function", (Run(0, 1, 3), Run(4, 4, 2))), IndexMap("type")),
    redirected=(Redirected("function", 0, 9),),
    claims=(
        InstantiationCalls(4, ("i32:5", "f64:0x7ff8000000000000")),
        InstantiationCalls(5),
        InstantiationNoLongerCalls(2),
        ReturnsByValue("export", "pair", parse_type("(a: u8 @4, [u16; 3] @8, u32 @0; size 16, align 4)"), new_name="p"),
        ReturnsByValue("import", "get", parse_type("i128"), module="js", old=0, new=1, pointer=2, memory=1),
        Renamed("import", "a", "b", "m", "n"),
        Added("export", "x", same_as="pair"),
        Removed("custom", "name"),
        CustomChanged("target_features", "why"),
        BehaviourChanged(3, "on purpose"),
        Added("import", "log", "js", type="function [i32] -> []"),
        NameChanged("function", 3, "main"),
        NameChanged("local", 4),
    ),
    stack_pointer=0,
)


def test_a_contract_survives_json() -> None:
    text = json.dumps(contract_to_json(FULL))
    assert contract_from_json(json.loads(text)) == FULL


def test_an_empty_contract_survives_json() -> None:
    assert contract_from_json(contract_to_json(Contract())) == Contract()


def test_types_are_text_and_defaults_are_left_out() -> None:
    claim = contract_to_json(FULL)["claims"][3]
    assert claim == {
        "claim": "returns-by-value",
        "kind": "export",
        "name": "pair",
        "result": "(a: u8 @4, [u16; 3] @8, u32 @0; size 16, align 4)",
        "new_name": "p",
    }


def spoiled(*path: str | int, value: object) -> dict[str, Any]:
    """``FULL`` as JSON with another value somewhere; DELETE takes it out."""
    found = copy.deepcopy(contract_to_json(FULL))
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    if value is DELETE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


DELETE = object()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "contract: expected an object, not a list"),
        (None, "contract: expected an object, not null"),
        (spoiled("schema", value="other"), "contract: unsupported schema 'other'; expected 'wasmrewrite.contract/1'"),
        (spoiled("schema", value=DELETE), "contract: 'schema' is missing"),
        (spoiled("claims", value=DELETE), "contract: 'claims' is missing"),
        (
            spoiled("clams", value=[]),
            "contract: unknown key 'clams' (known: claims, maps, redirected, schema, stack_pointer)",
        ),
        (spoiled("maps", value={}), "maps: expected a list, not an object"),
        (spoiled("maps", 0, "runs", 0, value=[0, 1]), "maps[0].runs[0]: expected [old, new, count]"),
        (spoiled("maps", 0, "runs", 0, 1, value=-1), "maps[0].runs[0][1]: -1 is no index"),
        (spoiled("maps", 0, "runs", 0, 1, value=True), "maps[0].runs[0][1]: expected an integer, not a boolean"),
        (spoiled("maps", 0, "runs", 0, 1, value=1.0), "maps[0].runs[0][1]: expected an integer, not a number"),
        (spoiled("redirected", 0, "old", value="0"), "redirected[0].old: expected an integer, not a string"),
        (spoiled("claims", 0, value=3), "claims[0]: expected an object, not a number"),
        (spoiled("claims", 0, "old", value=DELETE), "claims[0]: 'old' is missing"),
        (spoiled("claims", 0, "args", 1, value=5), "claims[0].args[1]: expected a string, not a number"),
        (spoiled("claims", 0, "argz", value=[]), "claims[0]: unknown key 'argz' (known: args, claim, old)"),
        (spoiled("claims", 3, "kind", value="custom"), "claims[3].kind: expected one of export, import"),
        (spoiled("claims", 7, "kind", value="section"), "claims[7].kind: expected one of export, import, custom"),
        (spoiled("claims", 3, "memory", value=None), "claims[3].memory: expected an integer, not null"),
        (spoiled("claims", 3, "name", value=None), "claims[3].name: expected a string, not null"),
        (spoiled("stack_pointer", value=1 << 40), f"stack_pointer: {1 << 40} is no index"),
    ],
)
def test_what_is_no_contract_is_refused(value: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        contract_from_json(value)
    assert caught.value.message == message


def test_an_unknown_claim_is_refused_with_those_known() -> None:
    with pytest.raises(ConfigError, match=r"claims\[0\]: unknown claim 'calls' \(known: instantiation-calls, "):
        contract_from_json(spoiled("claims", 0, "claim", value="calls"))


def test_a_wrong_type_is_refused_with_its_column() -> None:
    with pytest.raises(ConfigError, match=r"declared type 'u7': unknown type 'u7'"):
        contract_from_json(spoiled("claims", 3, "result", value="u7"))


def test_what_may_be_absent_may_be_null() -> None:
    assert contract_from_json(spoiled("claims", 3, "new_name", value=None)).claims[3] == ReturnsByValue(
        "export", "pair", parse_type("(a: u8 @4, [u16; 3] @8, u32 @0; size 16, align 4)")
    )
