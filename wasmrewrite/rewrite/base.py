"""What a pass is: options, a promise or two, and ``run``. Not here: how a module is changed (``editor``)."""

from __future__ import annotations

import re
from enum import Flag, auto
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ..model import Module
    from .editor import Editor


class Promise(Flag):
    """What a pass promises of every module; tests run each promise over the corpus."""

    NOTHING = 0
    IDEMPOTENT = auto()
    """Running it on its own output changes nothing."""
    SHRINKS = auto()
    """The output is never longer than the input."""


class ModulePass:
    """Base of all passes: a frozen dataclass whose fields are ``option``s and which keeps nothing else.

    ``needs`` are the analyses it asks of the editor, ``keeps`` those whose answers hold whatever it changes.
    """

    __slots__ = ()
    needs: ClassVar[tuple[type[Any], ...]] = ()
    keeps: ClassVar[tuple[type[Any], ...]] = ()
    promises: ClassVar[Promise] = Promise.NOTHING

    @classmethod
    def pass_name(cls) -> str:
        """The name users know: ``AddStart`` is ``add-start``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def run(self, module: Module, edit: Editor) -> None:
        """Look at ``module``, change it through ``edit``. Raises ``RewriteError`` for what cannot be done."""
        raise NotImplementedError
