"""``Module``: ordered items that refer to one another, read from bytes only as far as somebody looks.

Reading one module from several threads is safe; editing is not. Not here: how bytes are read and written (``codec``),
and how a module is changed (``rewrite.Editor``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar, get_args

from ..arguments import expect, module_bytes
from ..errors import RewriteError
from ..isa.types import TypeDef
from .items import Custom, Data, Elem, Export, Exportable, Func, Global, Memory, Table, Tag
from .layout import Edits
from .source import Source

Part = TypeVar("Part")
Check = Literal["frame", "decode", "validate"]
EMPTY = b"\0asm\1\0\0\0"


class Doors(Protocol):
    """What a module asks of the rooms above: reading, writing and validation. ``wasmrewrite.doors`` provides it."""

    def source(self, data: bytes) -> Source:
        """A source over ``data``; only the frame is read. Raises ``MalformedError``."""

    def decode_all(self, source: Source) -> None:
        """Read everything and keep nothing. Raises ``MalformedError`` for what cannot be decoded."""

    def validate(self, module: Module) -> None:
        """Raises ``MalformedError`` or ``InvalidError``."""

    def write(self, module: Module) -> bytes:
        """The bytes of a module as it stands. Raises ``RewriteError``."""

    def assemble(self, text: str | bytes) -> bytes:
        """The binary of a module in the text format. Raises ``MalformedError``."""

    def print(self, data: bytes, fold: bool) -> str:
        """The text of a binary module. Raises ``MalformedError``."""

    def reencode(self, data: bytes) -> bytes:
        """Decode a module and encode it again. Raises ``MalformedError``."""


class Module:
    """A WebAssembly module. Lists are in index order, imports first; ``imports`` is in the section's order."""

    __slots__ = ("__weakref__", "_lock", "_parts", "edits", "source")

    doors: ClassVar[Doors]

    def __init__(self, source: Source) -> None:
        if isinstance(source, (bytes, bytearray, memoryview, str, Path)):
            raise TypeError("Module is made by Module.from_bytes or Module.from_file")
        self.source = source
        self.edits = Edits()
        self._parts: dict[str, Any] = {}
        self._lock = RLock()

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview, check: Check = "frame") -> Self:
        """Read a binary module.

        ``check``: "frame" looks at the section headers only, "decode" reads everything, "validate" validates too.
        Raises ``MalformedError`` or ``InvalidError`` with the absolute offset; ``TypeError`` for what is not bytes.
        """
        if check not in get_args(Check):
            raise ValueError(f"unknown check {check!r}; expected one of {', '.join(map(repr, get_args(Check)))}")
        module = cls(cls.doors.source(module_bytes(data)))
        if check != "frame":
            cls.doors.decode_all(module.source)
        if check == "validate":
            cls.doors.validate(module)
        return module

    @classmethod
    def from_file(cls, path: str | Path, check: Check = "frame") -> Self:
        """Read a binary module from a file; as ``from_bytes``, and ``OSError``."""
        return cls.from_bytes(Path(path).read_bytes(), check)

    @classmethod
    def from_wat(cls, text: str | bytes, check: Check = "frame") -> Self:
        """Read a module in the text format: ``(module ...)``, or its fields alone; bytes are UTF-8.

        Raises ``MalformedError`` with everything that is wrong with the text, and as ``from_bytes``.
        """
        return cls.from_bytes(cls.doors.assemble(text), check)

    @classmethod
    def empty(cls) -> Self:
        """A module without sections."""
        return cls.from_bytes(EMPTY)

    def to_bytes(self, reencode: bool = False) -> bytes:
        """Write the module. What nobody changed comes back byte for byte.

        ``reencode`` copies nothing: every section, entry and operand is written anew from its value, as wide as it was.
        """
        data = self.doors.write(self)
        return self.doors.reencode(data) if reencode else data

    def to_wat(self, fold: bool = False) -> str:
        """The text of the module as it stands; read again, it is the same module.

        ``fold`` writes instructions as expressions around their operands.
        """
        return self.doors.print(self.to_bytes(), fold)

    def to_file(self, path: str | Path, reencode: bool = False) -> None:
        """Write the module to a file, in place."""
        Path(path).write_bytes(self.to_bytes(reencode))

    def fork(self) -> Module:
        """An independent module with the same bytes; editing one leaves the other alone."""
        if self.as_read:
            return type(self)(self.source.again())
        return type(self).from_bytes(self.to_bytes())

    def forget(self) -> None:
        """Let go of everything read, edits included; items that somebody still holds belong to no module then."""
        self._parts.clear()
        self.edits = Edits()
        self.source.forget()

    @property
    def as_read(self) -> bool:
        """Whether the module is what its source holds, nothing edited, added or removed."""
        lists = all(part == getattr(self.source, name)() for name, part in self._parts.items())
        return self.edits.clean and lists and not any(custom.changed for custom in self._parts.get("customs", ()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} read from {len(self.source.data)} bytes>"

    def _part(self, name: str, read: Callable[[], Part]) -> Part:
        if name not in self._parts:
            with self._lock:
                if name not in self._parts:
                    self._parts[name] = read()
        part: Part = self._parts[name]
        return part

    def loaded(self, name: str) -> bool:
        """Whether the list called ``name`` has been read; one that was not cannot have been edited."""
        return name in self._parts

    @property
    def types(self) -> list[TypeDef]:
        """Defined types, flattened over their recursion groups."""
        return self._part("types", self.source.types)

    @property
    def imports(self) -> list[Exportable]:
        """Imported items of all kinds."""
        return self._part("imports", self.source.imports)

    @property
    def funcs(self) -> list[Func]:
        """Functions."""
        return self._part("funcs", self.source.funcs)

    @property
    def tables(self) -> list[Table]:
        """Tables."""
        return self._part("tables", self.source.tables)

    @property
    def memories(self) -> list[Memory]:
        """Memories."""
        return self._part("memories", self.source.memories)

    @property
    def globals(self) -> list[Global]:
        """Globals."""
        return self._part("globals", self.source.globals)

    @property
    def tags(self) -> list[Tag]:
        """Tags."""
        return self._part("tags", self.source.tags)

    @property
    def exports(self) -> list[Export]:
        """Exports, in the order of the section."""
        return self._part("exports", self.source.exports)

    @property
    def elems(self) -> list[Elem]:
        """Element segments."""
        return self._part("elems", self.source.elems)

    @property
    def datas(self) -> list[Data]:
        """Data segments."""
        return self._part("datas", self.source.datas)

    @property
    def customs(self) -> list[Custom]:
        """Custom sections, in file order."""
        return self._part("customs", self.source.customs)

    @property
    def start(self) -> Func | None:
        """The start function."""
        return self._part("start", self.source.start)

    @start.setter
    def start(self, func: Func | None) -> None:
        if func is not None:
            expect(func, Func, "a function of the module")
        self._parts["start"] = func

    def export(self, name: str) -> Export | None:
        """The export called ``name``, or None."""
        return next((export for export in self.exports if export.name == name), None)

    def find_func(self, name: str) -> Func:
        """A function by export, else by its name in the name section. Raises ``RewriteError`` for none or several."""
        export = self.export(name)
        if export is not None:
            if isinstance(export.item, Func):
                return export.item
            raise RewriteError(f"export {name!r} is no function")
        named = [func for func in self.funcs if func.name == name]
        if len(named) == 1:
            return named[0]
        if named:
            raise RewriteError(f"{len(named)} functions are called {name!r}; export one, or name an export")
        raise RewriteError(f"no export and no function is called {name!r}")
