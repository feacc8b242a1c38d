"""A side on which no NaN is a signalling one: two engines are compared so, for wasmtime's border makes NaNs quiet.

Not here: what else is left out between engines (``cross_check``).
"""

from __future__ import annotations

from typing import Any

from ...isa.types import F32
from ...model.items import Import, Item
from ...runtime.host import Caller
from ...runtime.instances import HostFunc
from ..behavior.running_module import Side
from ..behavior.values import Value
from ..hosts.watching import Seen
from .wasmtime_values import quiet


class QuietSide(Side):
    """A side in one of two engines that are compared."""

    __slots__ = ()

    def look(self) -> Seen | None:
        """Not compared: engines may choose the bits of a NaN."""
        return None

    def provide(self, item: Item, origin: Import) -> object:
        """The judge's own host."""
        return _quiet_func(super().provide(item, origin))

    def supplied(self, item: Item, origin: Import, given: object) -> object:
        """The user's host."""
        return _quiet_func(super().supplied(item, origin, given))

    def inward(self, value: Value) -> object:
        """A value; a NaN is a quiet one."""
        return quieted(value, super().inward(value))


def quieted(value: Value, found: object) -> object:
    """What a comparable value became inside, without signalling NaNs."""
    return quiet(F32, found) if value.kind == "f32" else found


def _quiet_func(found: object) -> object:
    if not isinstance(found, HostFunc):
        return found
    func = found

    def call(caller: Caller | None, *args: Any) -> list[Any]:
        return [quiet(kind, each) for kind, each in zip(func.type.results, func.invoke(args, caller), strict=True)]

    return HostFunc(func.type, call, caller=True, name=func.name)
