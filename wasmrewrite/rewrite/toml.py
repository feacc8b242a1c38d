"""TOML documents, and the one way to refuse a key that nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..errors import ConfigError
from .suggest import did_you_mean


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Read a document. Raises ``ConfigError`` with line and column."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # Python refuses integers of thousands of digits in its own way
        raise ConfigError(f"{where}: {error}") from error


def refuse_unknown(table: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise ``ConfigError`` for the first key of ``table`` that is not ``known``."""
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")
