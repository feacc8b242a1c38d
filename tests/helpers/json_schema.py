"""A validator for the keywords of JSON Schema that our fixtures use; it refuses a schema that uses others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
}
_SILENT = {"$schema", "description", "definitions", "additionalProperties"}


def violations(value: Any, schema: Schema) -> list[str]:
    """Where and how ``value`` violates ``schema``. Raises ``ValueError`` for a keyword that is not known here."""
    return list(_check(value, schema, schema, "$"))


def _check(value: Any, schema: Schema, root: Schema, where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    unknown = set(schema) - set(_KEYWORDS) - _SILENT
    if unknown:
        raise ValueError(f"unknown keywords {sorted(unknown)}")
    for keyword, argument in schema.items():
        if keyword in _KEYWORDS and not _KEYWORDS[keyword](value, argument):
            yield f"{where}: {keyword} {argument}"
    if isinstance(value, dict):
        for name, each in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
            if inner is False:
                yield f"{where}: has {name}"
            elif inner is not True:
                yield from _check(each, inner, root, f"{where}.{name}")
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from _check(each, schema.get("items", {}), root, f"{where}[{at}]")


def _is_type(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and not isinstance(value, bool)


_KEYWORDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": _is_type,
    "enum": lambda value, allowed: value in allowed,
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= set(value),
    "minimum": lambda value, least: not isinstance(value, int) or value >= least,
    "minItems": lambda value, least: not isinstance(value, list) or len(value) >= least,
    "uniqueItems": lambda value, _: not isinstance(value, list) or all(value.count(each) == 1 for each in value),
    "pattern": lambda value, pattern: not isinstance(value, str) or re.search(pattern, value) is not None,
    "properties": lambda value, _: True,
    "items": lambda value, _: True,
}
