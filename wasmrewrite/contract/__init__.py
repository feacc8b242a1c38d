"""What a rewrite claims, and what users declare: frozen data with JSON both ways, shared by rewriter and judge."""

from .claims import (
    Added,
    BehaviourChanged,
    Claim,
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
)
from .interface import ADDRESSES, Array, Declaration, DeclaredType, Field, Interface, Scalar, Struct, parse_type
from .json_form import contract_from_json, contract_to_json

__all__ = [
    "ADDRESSES",
    "Added",
    "Array",
    "BehaviourChanged",
    "Claim",
    "Contract",
    "CustomChanged",
    "Declaration",
    "DeclaredType",
    "Field",
    "IndexMap",
    "InstantiationCalls",
    "InstantiationNoLongerCalls",
    "NameChanged",
    "Interface",
    "Redirected",
    "Removed",
    "Renamed",
    "ReturnsByValue",
    "Run",
    "Scalar",
    "Struct",
    "contract_from_json",
    "contract_to_json",
    "parse_type",
]
