"""Instructions on one reference (specification 4.6.2): None is null. Not here: tables (``items``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..runtime.traps import null_reference


def _is_null(reference: Any) -> int:
    return 1 if reference is None else 0


def _as_non_null(reference: Any) -> Any:
    if reference is None:
        raise null_reference()
    return reference


UNARY: Final[dict[str, Callable[[Any], Any]]] = {"ref.is_null": _is_null, "ref.as_non_null": _as_non_null}
