"""The ``dylink.0`` section (tool conventions, DynamicLinking): what a shared module needs of its loader.

Subsections: 1 memory and table needs (sizes, alignments as exponents of two), 2 needed modules, 3 exports and
4 imports with symbol flags, 5 search paths. It must be the first section of the module.
"""

from __future__ import annotations

from typing import Final

from ..parts import U32, Name, Record, Vector
from .subsections import Subsections

MEMORY_INFO: Final = 1
EXPORTS: Final = 3
IMPORTS: Final = 4

_NEEDS: Final = Record(
    "memory_size" / U32,
    "memory_alignment" / U32,
    "table_size" / U32,
    "table_alignment" / U32,
)
_EXPORT: Final = Record("name" / Name, "flags" / U32)
_IMPORT: Final = Record("module" / Name, "name" / Name, "flags" / U32)

DYLINK: Final = Subsections(
    {
        MEMORY_INFO: _NEEDS,
        2: Vector("needed", Name),
        EXPORTS: Vector("export", _EXPORT),
        IMPORTS: Vector("import", _IMPORT),
        5: Vector("path", Name),
    }
)
