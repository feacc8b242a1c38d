"""What may be looked at by everybody and changed by few: attributes that cannot be assigned.

Not here: who may change what (``model.edit``, ``rewrite.Editor``).
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn


class ReadOnly:
    """Refuses to assign and delete attributes. ``_set`` is for the few places that make or change such an object.

    ``_CHANGED_BY`` says, by attribute, what changes it instead.
    """

    __slots__ = ()
    _CHANGED_BY: ClassVar[dict[str, str]] = {}

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is read-only{self._instead(name)}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is read-only{self._instead(name)}")

    def _instead(self, name: str) -> str:
        return f"; use {self._CHANGED_BY[name]}" if name in self._CHANGED_BY else ""

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)
