"""Whether what somebody passes to a public function is of the kind it takes; else ``TypeError`` in plain words.

Not here: values of a running module (``runtime.values``), operands of instructions (``model.checks``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def name_of(value: object) -> str:
    """What a value is, in words: of a class that it is one, of anything else its class."""
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def expect(value: object, kinds: type | tuple[type, ...], what: str, hint: str = "") -> None:
    """Raise ``TypeError`` unless ``value`` is one of ``kinds``, which are ``what`` in words."""
    if not isinstance(value, kinds):
        raise TypeError(f"expected {what}, found {name_of(value)}" + (f"; {hint}" if hint else ""))


def expect_each(values: Any, kinds: type | tuple[type, ...], what: str, hint: str = "") -> tuple[Any, ...]:
    """The values of an iterable, each of which is one of ``kinds``. Raises ``TypeError``."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"expected {what}, found {name_of(values)}")
    found = tuple(values)
    for each in found:
        expect(each, kinds, what, hint)
    return found


def expect_count(value: object, what: str, optional: bool = False) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless ``value`` is a number that is not negative; or None, if allowed."""
    if value is None and optional:
        return
    if not isinstance(value, int):
        raise TypeError(f"expected a number for {what}, found {name_of(value)}")
    if value < 0:
        raise ValueError(f"{what} is negative: {value}")


def module_bytes(data: object) -> bytes:
    """The bytes of a module. Raises ``TypeError``."""
    hint = ""
    if isinstance(data, str):
        hint = "Module.from_file reads a file"
    elif hasattr(data, "to_bytes") and not isinstance(data, int):
        hint = "its method to_bytes gives them"
    if isinstance(data, (bytes, bytearray, memoryview)):
        return data if isinstance(data, bytes) else bytes(data)
    raise TypeError(f"expected the bytes of a module, found {name_of(data)}" + (f"; {hint}" if hint else ""))
