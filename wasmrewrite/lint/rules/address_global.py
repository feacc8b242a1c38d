"""WR201: an exported global that holds an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from ...isa.types import I32, I64
from ...model import Export, Expr, Global
from ..finding import Finding, Severity
from ..rule import Example, Rule

_OF_LINKERS: Final = re.compile(
    r"__(?:data_end|heap_(?:base|end)|global_base|stack_(?:low|high|pointer)|dso_handle|memory_base|table_base"
    r"|tls_(?:size|align|base)|rodata_(?:start|end)|wasm_first_page_end"
    r"|abort_handler|instance_terminated)"  # what wasm-bindgen's JavaScript reads from memory by these addresses
)
_LOWEST: Final = 1024
_PAGE: Final = 65536


class AddressGlobal(Rule):
    """An exported global holds the address of a static, not its value.

    ``#[no_mangle] pub static VERSION: u32 = 7`` (in C a global variable) is exported as an immutable global whose value
    says where in memory the 7 is. Hosts that read ``exports.VERSION.value`` get a number like 1048576. Read the memory
    at that address, or export a function that returns the value.
    """

    code, severity = "WR201", Severity.WARNING
    message = "exported global '{name}' is {address}: the address of a static, not its value"
    good = (
        Example(
            """(module (memory 1)
              (global (export "__heap_base") i32 (i32.const 2048)) (global (export "SIZE") i32 (i32.const 7)))"""
        ),
        Example('(module (memory 1) (global (export "LIMIT") i32 (i32.const 1040)))'),
        Example(
            """(module (@producers (language "Rust" "")) (memory 1)
              (global (export "__instance_terminated") i32 (i32.const 1032)))"""
        ),
    )
    bad = (
        Example(
            """(module (memory 1) (data (i32.const 1024) "\\07\\00\\00\\00")
              (global (export "VERSION") i32 (i32.const 1024)) (global (export "__data_end") i32 (i32.const 1028)))""",
            ("VERSION",),
        ),
        Example(
            """(module (@producers (language "Rust" "")) (memory 1)
              (global (export "COUNTER") i32 (i32.const 1032)))""",
            ("COUNTER",),
        ),
    )

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Look at globals that nobody can change and whose value is in the range of statics.

        Only in modules that a linker made: a hand-written one may well export a number.
        """
        item = export.item
        if (
            not isinstance(item, Global)
            or item.type.mutable
            or _OF_LINKERS.fullmatch(export.name)
            or self.subject.is_dynamic
        ):
            return
        value = _constant(item)
        if value is not None and self.subject.is_linked and _LOWEST <= value < self._end:
            yield self.found(self.subject.at_export(at), export.name, address=f"0x{value:x}")

    @cached_property
    def _end(self) -> int:
        """The end of statics, as far as the module tells."""
        values = {export.name: _constant(export.item) for _, export in self.subject.exports}
        told = values.get("__heap_base") or values.get("__data_end")
        if told is not None:
            return told
        memories = self.subject.module.memories
        return int(memories[0].type.limits.minimum) * _PAGE if memories else 0


def _constant(item: object) -> int | None:
    """The value of a global that is initialised with an integer constant."""
    if not isinstance(item, Global) or not isinstance(item.origin, Expr) or item.type.value not in (I32, I64):
        return None
    instrs = list(item.origin)
    if len(instrs) != 1 or instrs[0].op.name not in ("i32.const", "i64.const"):
        return None
    return int(instrs[0].args[0]) % (1 << 32)
