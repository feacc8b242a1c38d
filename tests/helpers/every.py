"""``every``: one test over many rows that reports all rows that fail, where a test each would be thousands.

Not for rows that take long: those are parametrised, so that processes can share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any, TypeAlias

import pytest

Test: TypeAlias = Callable[..., None]
MOST = 20
"""Maximum number of failures whose reasons are listed; the others are only counted."""


def every(names: str | tuple[str, ...], rows: Iterable[Any], ids: Callable[[Any], str] = str) -> Callable[[Test], Test]:
    """Like ``pytest.mark.parametrize``, but one test: it runs all ``rows`` and lists each that fails, by its id.

    Raises ``ValueError`` for an empty table: a test of nothing cannot fail.
    """
    cases = list(rows)
    single = isinstance(names, str)
    wanted = (names,) if isinstance(names, str) else names
    if not cases:
        raise ValueError(f"no rows for {', '.join(wanted)}")

    def decorate(function: Test) -> Test:
        declared = signature(function)

        @wraps(function)
        def test(**fixtures: Any) -> None:
            failures = []
            for case in cases:
                values = dict(zip(wanted, (case,) if single else case, strict=True))
                try:
                    function(**values, **fixtures)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  a row may fail in any way, and all are listed
                    failures.append(f"{ids(case)}: {type(error).__name__}: {error}")
            if failures:
                listed = "\n".join(failures[:MOST])
                pytest.fail(f"{len(failures)} of {len(cases)} rows fail\n{listed}", pytrace=False)

        others = [each for each in declared.parameters.values() if each.name not in wanted]
        test.__signature__ = declared.replace(parameters=others)  # type: ignore[attr-defined]
        return test

    return decorate
