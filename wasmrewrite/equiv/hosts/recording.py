"""The host both sides run against: it logs every call and answers from a seeded stream, the same on either side.

Where a by-value claim speaks of an import, the input's host stores the fields through the pointer, by the judge's own
layout, and the output's host returns the same fields. Functions of WASI are real in about half of the scripts: programs
then get somewhere, and in the others meet every error number.
Not here: hosts that the user supplies (``user_functions``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import Trap
from ...isa.types import FuncType
from ...runtime.wasi import Function, Guest, Wasi, WasiLimits, find
from ..behavior.script import Script
from ..behavior.values import Draw, Value, kind_of
from ..by_value.claims import ByValue
from .watching import Seen

OUT_OF_BOUNDS = "out of bounds memory access"
_WORLD = WasiLimits(file_bytes=1 << 20, entries=256, descriptors=64, output_bytes=1 << 20)


@dataclass(frozen=True, slots=True)
class HostCall:
    """One logged call; ``args`` are in comparable form, without a return pointer.

    ``heard`` is what a supplied function read from memory, ``answer`` what it returned, None if it did not. ``seen`` is
    what the host finds in the module, None where that is not compared.
    """

    name: str
    args: tuple[object, ...]
    heard: tuple[bytes, ...] = ()
    answer: tuple[object, ...] | None = None
    seen: Seen | None = None

    def __str__(self) -> str:
        told = f", reading {' '.join(data.hex() or 'nothing' for data in self.heard)}" if self.heard else ""
        return f"{self.name}({', '.join(map(str, self.args))}){told}"


@dataclass(slots=True)
class Host:
    """One side's host. ``log`` grows until it is forgotten, ``answered`` counts on.

    ``padding`` collects (memory, start, end) of padding bytes in results that were stored, ``faults`` what supplied
    functions raised.
    """

    script: Script
    answered: int = 0
    log: list[HostCall] = field(default_factory=list)
    padding: list[tuple[int, int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unlogged: Counter[str] = field(default_factory=Counter)
    """Calls of imports that the rewrite added: nothing compares those."""
    kept: list[HostCall] | None = None
    """With a list, every call with its answer is kept there, too."""
    look: Callable[[], Seen | None] = lambda: None
    """Returns what the host finds in the module now."""
    peer: Host | None = None
    """The input's host, of the output's."""
    _world: Wasi | None = None

    def answers(self) -> Draw:
        """The stream for the next answer: it depends on how many calls there were, not on what they were."""
        return self.script.draw(f"host/{self.answered}")

    def record(self, name: str, args: Sequence[object]) -> int:
        """Log a call; its place in the log."""
        self.log.append(HostCall(name, tuple(args), seen=self.look()))
        self.answered += 1
        return len(self.log) - 1

    def complete(self, at: int, heard: Sequence[bytes], answer: Sequence[object] | None) -> None:
        """Add to a logged call what only its end shows."""
        told = tuple(answer) if answer is not None else None
        self.log[at] = replace(self.log[at], heard=tuple(heard), answer=told)
        self.keep(self.log[at].name, self.log[at].args, told or ())

    def keep(self, name: str, args: Sequence[object], answer: Sequence[object]) -> None:
        """Keep a call for good, if that is wanted."""
        if self.kept is not None:
            self.kept.append(HostCall(name, tuple(args), answer=tuple(answer)))

    def forget(self) -> None:
        """Drop what was logged so far; the stream of answers goes on."""
        self.log.clear()
        self.padding.clear()

    def plain(self, name: str, type: FuncType, logged: bool) -> Callable[[Sequence[object]], list[Value]]:
        """An ordinary import. One that the rewrite added is not logged, and answers without disturbing the others."""
        kinds = [kind_of(each) for each in type.results]

        def call(args: Sequence[object]) -> list[Value]:
            draw = self.answers() if logged else self.script.draw(f"added/{name}")
            self.unlogged.update(() if logged else (name,))
            values = [draw.value(kind) if kind else Value("none", None) for kind in kinds]
            if logged:
                self.record(name, args)
                self.keep(name, args, values)
            return values

        return call

    def real(self, module: str, name: str, type: FuncType) -> Function | None:
        """The function of WASI that an import means, None if there is none or this script does without."""
        found = find(module, name, type)
        return None if found is None or self.script.draw("wasi").random.randrange(2) else found

    def perform(
        self, name: str, function: Function, guest: Guest, args: Sequence[object], raw: tuple[int, ...]
    ) -> list[int]:
        """Call a function of WASI. What it was told through memory is logged, too. Raises ``Trap``, ``ProcExit``."""
        if self._world is None:
            self._world = _world(self.script)
        answer: list[int] = []
        try:
            answer = self._world.perform(function, guest, raw)
            return answer
        finally:
            self.record(name, [*args, *guest.heard])
            self.keep(name, args, answer)

    def fields(self, name: str, claim: ByValue, args: Sequence[object]) -> list[int]:
        """Log a call by value and choose what it returns: the scalars, as they would be read back from memory."""
        draw = self.answers()
        self.record(name, args)
        values = [bits for leaf in claim.layout.leaves for bits in draw.scalar(leaf.scalar, leaf.size)]
        fields = through_memory(claim, values)
        self.keep(name, args, fields)
        return fields

    def store(self, claim: ByValue, pointer: int, values: Sequence[int], memory: Any) -> None:
        """What the input's host does with the return pointer: store exactly the fields."""
        # The whole object has to be there, as for a callee that may store its fields in any order.
        if pointer + claim.layout.size > memory.size:
            self.padding.append((claim.memory, pointer, min(memory.size, pointer + claim.layout.size)))
            raise Trap(OUT_OF_BOUNDS)
        for offset, raw in claim.layout.write(values):
            memory.write(pointer + offset, raw)
        self.padding += [(claim.memory, pointer + start, pointer + end) for start, end in claim.layout.padding()]


def through_memory(claim: ByValue, values: Sequence[int]) -> list[int]:
    """Fields as they are once stored and read back: cut to their width; where a union was declared they overlap."""
    image = bytearray(claim.layout.size)
    for offset, raw in claim.layout.write(values):
        image[offset : offset + len(raw)] = raw
    return claim.layout.read(bytes(image))


def _world(script: Script) -> Wasi:
    """A small world that depends on the script only; what is printed is in the log, so nobody collects it."""
    data = script.draw("wasi/file").random.randbytes(64)
    wasi = Wasi(
        ["program", "argument"], {"NAME": "value"}, stdin=data, stdout=len, stderr=len, seed=script.seed, limits=_WORLD
    )
    wasi.tree.make_file(wasi.folder("/"), "file", data)
    return wasi


class InOrder(dict[str, object]):
    """What a module imports from one namespace. Where a name is imported twice, each import gets its own, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._later: dict[str, list[object]] = {}

    def add(self, name: str, provided: object) -> None:
        """Provide something for the next import of ``name``."""
        self._later.setdefault(name, []).append(provided)

    def get(self, name: str, default: object = None) -> Any:
        """What the next import of ``name`` gets."""
        waiting = self._later.get(name)
        return waiting.pop(0) if waiting else default
