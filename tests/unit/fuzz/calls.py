"""Instances of generated modules, and calls to make on them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from wasmrewrite.fuzz.vocabulary import BITS
from wasmrewrite.interp import Instance, instantiate
from wasmrewrite.isa.types import NumType, func_type
from wasmrewrite.model import Func, Global, Import, Memory, Module
from wasmrewrite.runtime import GlobalInst, MemoryInst
from wasmrewrite.runtime.host import RecordingHost
from wasmrewrite.runtime.store import Store, StoreLimits


def instance_of(data: bytes, fuel: int) -> Instance:
    """An instance whose imports answer from a seed."""
    store, imports = Store(StoreLimits(fuel=fuel)), Module.from_bytes(data).imports
    funcs = RecordingHost().imports(imports)
    provided: dict[str, dict[str, object]] = {module: dict(names) for module, names in funcs.items()}
    for item in imports:
        origin = item.origin
        if isinstance(origin, Import) and isinstance(item, Memory):
            provided.setdefault(origin.module, {})[origin.name] = MemoryInst(store, item.type)
        elif isinstance(origin, Import) and isinstance(item, Global):
            provided.setdefault(origin.module, {})[origin.name] = GlobalInst(item.type, 7)
    return instantiate(data, provided, store)


def calls_of(data: bytes, seed: int) -> Iterator[tuple[str, list[int]]]:
    """Exported functions with random arguments."""
    random = Random(seed)
    for export in Module.from_bytes(data).exports:
        if isinstance(export.item, Func):
            params = [each for each in func_type(export.item.type).params if isinstance(each, NumType)]
            yield export.name, [random.getrandbits(BITS[each]) for each in params]
