"""Where things lie that are not committed: the converted official suite and the fetched real modules.

On a developer's machine their tests are skipped, with the command that would bring them; in the gate (profile ``ci``)
a missing suite is a failure. Nothing is fetched or converted from here.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def profile() -> str:
    """The profile of this run: ``dev``, ``ci`` or ``fuzz``."""
    return os.environ.get("WASMREWRITE_PROFILE", "dev")


def is_gate() -> bool:
    """True if what is optional elsewhere is required in this run."""
    return profile() == "ci"


def suite_folder() -> Path | None:
    """The converted official suite, or None where tests may skip it.

    Raises FileNotFoundError when the gate needs it, or ``WASM_SUITE_JSON`` names it, and it is not there.
    """
    named = os.environ.get("WASM_SUITE_JSON")
    folder = Path(named) if named else ROOT / ".cache" / "suite"
    if folder.is_dir():
        return folder
    if named or is_gate():
        raise FileNotFoundError(f"the converted official suite is required and not in {folder}; run: make suite")
    return None


def fetched_modules() -> list[Path]:
    """The real modules that ``make modules`` fetched, by name; empty where it never ran."""
    return sorted((ROOT / ".cache" / "modules").glob("*.wasm"))
