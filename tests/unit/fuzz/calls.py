"""Instances of generated modules, and calls to make on them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from wasmrewrite.fuzz.vocabulary import BITS
from wasmrewrite.interp import Instance, instantiate
from wasmrewrite.isa.types import NumType, func_type
from wasmrewrite.model import Func, Module
from wasmrewrite.runtime.host import RecordingHost
from wasmrewrite.runtime.store import Store, StoreLimits


def instance_of(data: bytes, fuel: int) -> Instance:
    """An instance whose imports answer from a seed."""
    return instantiate(data, RecordingHost().imports(Module.from_bytes(data).imports), Store(StoreLimits(fuel=fuel)))


def calls_of(data: bytes, seed: int) -> Iterator[tuple[str, list[int]]]:
    """Exported functions with random arguments."""
    random = Random(seed)
    for export in Module.from_bytes(data).exports:
        if isinstance(export.item, Func):
            params = [each for each in func_type(export.item.type).params if isinstance(each, NumType)]
            yield export.name, [random.getrandbits(BITS[each]) for each in params]
