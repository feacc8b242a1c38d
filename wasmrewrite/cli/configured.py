"""The configuration that a command line means: the file it names, or the nearest one. Not here: what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from . import streams

if TYPE_CHECKING:
    from ..rewrite.config import Config


def read_config(path: str | None) -> Config:
    """What ``--config`` names (``-``: standard input), else what holds in the current directory.

    Raises ``ConfigError``. A file that is found and may not be read is passed over, as one that is not there.
    """
    from ..rewrite.config import load, parse

    if path == streams.STANDARD:
        where = Path("standard input")
        return parse(streams.read_settings(path), where) or load(Path("/"), lambda _: None)
    named = None if path is None else Path(path)
    return load(Path.cwd(), lambda each: _read_if_there(each, each != named), named)


def _read_if_there(path: Path, found: bool) -> str | None:
    try:
        return streams.read_settings(str(path), files_only=found)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        return None
