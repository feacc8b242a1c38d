"""What ``run`` says of stubs for imports. Not here: the stubs (``equiv.hosts.stubs``)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from ..equiv.hosts.stubs import StubCall
from ..errors import LinkError
from ..escape import quoted
from ..model import Module
from ..runtime.wasi import BY_NAME


@dataclass(frozen=True, slots=True)
class Listener:
    """Puts each call on record in ``log``, if there is one; with ``trace``, shows it on standard error at once."""

    log: list[dict[str, Any]] | None
    trace: bool

    def __call__(self, call: StubCall) -> None:
        if self.log is not None:
            self.log.append(call.to_json())
        if self.trace:
            given, answered = (", ".join(each.text() for each in values) for values in (call.args, call.results))
            line = f"host: {quoted(call.module)} {quoted(call.name)} ({given})"
            print(f"{line} -> {answered}" if call.results else line, file=sys.stderr)


def unresolved(module: Module) -> LinkError | None:
    """What to say when a module imports anything but WASI and nothing is provided."""
    origins = (item.imported_as() for item in module.imports)
    names = [each for each in origins if (each.module, each.name) not in BY_NAME]
    if not names:
        return None
    listed = ", ".join(f"{each.module!r} {each.name!r}" for each in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return LinkError(f"unknown import: {listed}{more}; --stub-imports answers zeros, --host-seed arbitrary values")
