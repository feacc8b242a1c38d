"""What a wrong rewrite is, for makers and tests alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tests.wrong.rights import Right
from wasmrewrite.contract import Contract, Interface


@dataclass(frozen=True)
class Wrong:
    """A rewrite that is not as it should be. ``lying``: the contract is what is wrong, or hides what is."""

    name: str
    before: bytes
    after: bytes
    contract: Contract | None
    interface: Interface | None = None
    lying: bool = False


def damaged(right: Right, label: str, after: bytes) -> Wrong:
    """A right rewrite with other bytes."""
    return Wrong(f"{right.name}/{label}", right.before, after, right.contract, right.interface)


def lied(right: Right, label: str, contract: Contract) -> Wrong:
    """A right rewrite with another contract."""
    return Wrong(f"{right.name}/{label}", right.before, right.after, contract, right.interface, lying=True)


Maker = Callable[[Right], Iterable[Wrong]]


def some(wrongs: Iterable[Wrong], count: int) -> Iterator[Wrong]:
    """At most ``count``, each under a name of its own, and none that changes nothing."""
    seen: dict[str, int] = {}
    for each in wrongs:
        if count <= 0:
            return
        number = seen[each.name] = seen.get(each.name, 0) + 1
        yield each if number == 1 else replace(each, name=f"{each.name}-{number}")
        count -= 1
