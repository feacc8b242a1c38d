"""The official schema of SARIF 2.1.0, which the package ``schemastore`` carries, and what of a log violates it."""

from __future__ import annotations

import json
import sqlite3
from functools import cache
from importlib import import_module
from importlib.metadata import distribution
from typing import Any

_ID = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


@cache
def schema() -> dict[str, Any]:
    """The schema by its identifier, read from the package's file.

    The package itself asks the network whether what it has is still new, and keeps answers as pickles: the text within
    one is all that is needed here.
    """
    path = distribution("schemastore").locate_file("schemastore/cache.sqlite")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
        answers = [value for (value,) in store.execute("select value from responses") if _ID.encode() in value]
    store.close()
    texts = [answer[answer.index(b"{\r\n") :].decode("utf-8", "replace") for answer in answers]
    found = [json.JSONDecoder().raw_decode(text)[0] for text in texts]
    (one,) = [each for each in found if each.get("$id") == _ID]
    assert isinstance(one, dict)
    return one


def violations(log: Any) -> list[str]:
    """Where and how a log violates the schema."""
    validators = import_module("jsonschema.validators")
    validator = validators.validator_for(schema())
    validator.check_schema(schema())
    return [f"{each.json_path}: {each.validator}" for each in validator(schema()).iter_errors(log)]
