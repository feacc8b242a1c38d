"""``Subject``: what rules look at. Facts about one module as it was read, each found on first use and kept.

Code is looked at only where nothing else tells who made it. Not here: judgement (``rules``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ..analysis import Demangler, find_stack_pointer, rust_evidence
from ..codec import Section, frame
from ..codec.custom import read
from ..codec.sections import build_section, parse_section
from ..errors import Position, WasmError
from ..isa.immediates import Space
from ..isa.leb import read_u32
from ..model import Body, Custom, Export, Import, Item, Module
from ..model.layout import SECTIONS
from .namespaces import near_miss, who_uses
from .settings import Settings
from .symbols import is_compiler_rt, is_intrinsic, mangled
from .words import KINDS, type_text

_IMPORT, _GLOBAL, _EXPORT = 2, 6, 7
_MOST_NAMESPACES: Final = 1000
_TABLE: Final = "__indirect_function_table"
_OF_LINKERS: Final = re.compile(
    rf"__(?:data_end|heap_(?:base|end)|wasm_call_ctors|global_base|memory_base|table_base|dso_handle|tls_\w+)|{_TABLE}"
)
_C_PRODUCERS: Final = frozenset(("clang", "c11", "c_plus_plus_14", "c_plus_plus_17"))
_EMSCRIPTEN: Final = re.compile(r"emscripten_|_emscripten_|__syscall_|_abort_js$|_tzset_js$|_embind_|invoke_[vijfd]+$")


@dataclass(frozen=True, slots=True)
class Imported:
    """An import: its position in the import section, its names, and what is imported."""

    at: int
    module: str
    name: str
    item: Item

    @property
    def kind(self) -> str:
        """The specification's word for its kind."""
        return KINDS[self.item.space]

    @property
    def dotted(self) -> str:
        """Both names, as ``MODULE.NAME``."""
        return f"{self.module}.{self.name}"


class Subject:
    """One module and the settings in force. The module has to be as it was read: edits since are not looked at."""

    def __init__(self, module: Module, settings: Settings) -> None:
        self.module = module
        self.settings = settings
        self.data = module.source.data
        self._offsets: dict[int, Sequence[int]] = {}
        self._meant: dict[str, str | None] = {}

    @cached_property
    def readable(self) -> Demangler:
        """Demangles names, all within what the names of one module may cost."""
        return Demangler()

    @cached_property
    def imports(self) -> Sequence[Imported]:
        """All imports, in the order of the section."""
        origins = [(item, item.origin) for item in self.module.imports]
        return [
            Imported(at, origin.module, origin.name, item)
            for at, (item, origin) in enumerate(origins)
            if isinstance(origin, Import)
        ]

    @cached_property
    def _import_of(self) -> dict[Item, Imported]:
        return {each.item: each for each in self.imports}

    @cached_property
    def exports(self) -> Sequence[tuple[int, Export]]:
        """Exports with their positions in the section."""
        return list(enumerate(self.module.exports))

    def meant(self, namespace: str) -> str | None:
        """The known namespace that an import namespace is near to, if that one is not known itself.

        Asked of a thousand namespaces at most: comparing takes time, and no honest module has more.
        """
        ours = self.settings.namespaces
        if namespace not in self._meant:
            unknown = namespace not in ours and who_uses(namespace) is None and len(self._meant) < _MOST_NAMESPACES
            self._meant[namespace] = near_miss(namespace, ours) if unknown else None
        return self._meant[namespace]

    def merges(self, namespace: str, into: str, name: str | None = None) -> bool:
        """Whether imports from a namespace (or only one of them) would get the names of others in another one."""
        moved = {each.name for each in self.imports if each.module == namespace and name in (None, each.name)}
        return any(each.module == into and each.name in moved for each in self.imports)

    @cached_property
    def sections(self) -> Sequence[Section]:
        """All sections, in file order."""
        return frame(self.data)

    @cached_property
    def producers(self) -> frozenset[str]:
        """Languages and tools that the module says made it, in lower case, without versions."""
        record = self._custom_record("producers")
        return frozenset(str(value["name"]).lower() for each in record for value in each["values"])

    @cached_property
    def declared_features(self) -> Sequence[str]:
        """Names from the target_features section that are in use."""
        return [str(each["name"]) for each in self._custom_record("target_features") if each["prefix"] in "+="]

    def _custom_record(self, name: str) -> list[Any]:
        custom = self.custom(name)
        if custom is None or custom.span is None:
            return []
        return read(name, self.data, *custom.span).record or []

    def custom(self, name: str) -> Custom | None:
        """The first custom section called ``name``."""
        return next((each for each in self.module.customs if each.name == name), None)

    @cached_property
    def is_rust(self) -> bool:
        """Whether rustc made it: by the producers section, else by what only rustc leaves."""
        return bool(self.producers & {"rust", "rustc"}) or rust_evidence(self.module) is not None

    @cached_property
    def is_linked(self) -> bool:
        """Whether a linker such as wasm-ld made it, rather than a hand or another kind of compiler.

        By what it says of itself, else by what only linkers export and only compilers import, else by its code.
        """
        if self.is_rust or self.producers & _C_PRODUCERS:
            return True
        if any(_OF_LINKERS.fullmatch(export.name) for _, export in self.exports):
            return True
        leaked = [each.name for each in self.imports if each.module == "env"]
        if any(is_compiler_rt(name) or is_intrinsic(name) or mangled(name) or name == _TABLE for name in leaked):
            return True
        return not self._is_assemblyscript and self._lends_stack

    @cached_property
    def _is_assemblyscript(self) -> bool:
        """Whether it comes from a compiler with a linker of its own, by the one function that it always imports."""
        types = [type_text(each.item) for each in self.imports if each.dotted == "env.abort"]
        return "[i32 i32 i32 i32] -> []" in types

    @cached_property
    def _lends_stack(self) -> bool:
        """Whether code moves a stack pointer as compilers do. Code that cannot be read says nothing."""
        try:
            find_stack_pointer(self.module)
        except WasmError:
            return False
        return True

    @cached_property
    def is_emscripten(self) -> bool:
        """Whether it imports what only Emscripten's JavaScript runtime offers: then "env" is that runtime."""
        return any(each.module == "env" and _EMSCRIPTEN.match(each.name) for each in self.imports)

    @cached_property
    def is_unlinked(self) -> bool:
        """Whether it is input for a linker, which defines what it imports from ``env``, memory above all."""
        return self.custom("linking") is not None and any(each.dotted == "env.__linear_memory" for each in self.imports)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether it is for a dynamic loader, which offers "env" and adds its base to exported addresses."""
        return any(each.name in ("dylink.0", "dylink") for each in self.module.customs)

    @cached_property
    def is_object(self) -> bool:
        """Whether it is input for a linker: relocations hold for it as it is, so no pass may mend anything."""
        return any(each.name == "linking" or each.name.startswith("reloc.") for each in self.module.customs)

    # --- places -----------------------------------------------------------------------------------------------------

    def at_import(self, entry: Imported) -> Position:
        """Where an import is."""
        return self._entry(_IMPORT, entry.at)

    def at_export(self, at: int) -> Position:
        """Where the export at a position of its section is."""
        return self._entry(_EXPORT, at)

    def at_item(self, item: Item) -> Position:
        """Where an item is defined: the code of a function, the entry of what else; of an import, that."""
        if item.imported:
            return self.at_import(self._import_of[item])
        origin = item.origin
        if isinstance(origin, Body) and origin.span is not None:
            return Position(origin.span[0], ("code section", f"func[{item.index0}]"))
        if item.space is Space.GLOBAL:
            imported = sum(each.item.space is Space.GLOBAL for each in self.imports)
            return self._entry(_GLOBAL, (item.index0 or 0) - imported)
        return self.at_section(item.space.value)

    def at_section(self, kind: str) -> Position:
        """Where the section for ``kind`` (the specification's word) starts; the start of the file if there is none."""
        found = (each for each in self.sections if SECTIONS.get(each.id) == kind)
        section = next(found, None)
        return Position(0) if section is None else Position(section.header, (f"{kind} section",))

    def at_custom(self, custom: Custom) -> Position:
        """Where the contents of a custom section start."""
        return Position((custom.span or (0, 0))[0], (f"custom section {custom.name!r}",))

    def _entry(self, section_id: int, at: int) -> Position:
        word = {_IMPORT: "import", _GLOBAL: "global", _EXPORT: "export"}[section_id]
        if section_id not in self._offsets:
            self._offsets[section_id] = self._entry_offsets(section_id)
        return Position(self._offsets[section_id][at], (f"{word} section", f"{word}[{at}]"))

    def _entry_offsets(self, section_id: int) -> list[int]:
        """Where each entry of a vector section starts. Records know how wide they were, so writing them measures
        them.
        """
        section = next(each for each in self.sections if each.id == section_id)
        records = parse_section(section_id, self.data, section.start, section.end)
        offset = read_u32(self.data, section.start, section.end)[1]
        offsets = []
        for record in records:
            offsets.append(offset)
            offset += len(build_section(section_id, [record], self.data)) - 1
        return offsets
