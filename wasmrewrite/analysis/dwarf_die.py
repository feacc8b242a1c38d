"""An entry as pyelftools reads it, but for lists of places and ranges, which need sections that may be left out.

Imported only where debug information is read: pyelftools is optional. Not here: what is read (``dwarf_entries``).
"""

from __future__ import annotations

from typing import Any, Final

from elftools.dwarf.die import DIE

_LISTS: Final = frozenset({"DW_FORM_loclistx", "DW_FORM_rnglistx"})


class Die(DIE):
    """Below the top of a unit; where variables lie and what was inlined is not asked for."""

    def _translate_attr_value(self, form: str, raw_value: Any) -> Any:
        return raw_value if form in _LISTS else super()._translate_attr_value(form, raw_value)
