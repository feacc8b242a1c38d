"""The ``producers`` section (tool conventions): which language, tools and SDK made the module.

A list of (name: "language" | "processed-by" | "sdk" by convention, values: list of (name, version)).
"""

from __future__ import annotations

from typing import Final

from construct import FocusedSeq, Terminated

from ..parts import Name, Record, Vector

_VALUE: Final = Record("name" / Name, "version" / Name)
_FIELD: Final = Record("name" / Name, "values" / Vector("value", _VALUE))

PRODUCERS: Final = FocusedSeq("content", "content" / Vector("field", _FIELD), Terminated)
