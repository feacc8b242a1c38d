"""WR114: an import from ``env`` that nobody seems to have meant to come from there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...model import Func
from ..env import EnvRule
from ..finding import Finding, Fix, Severity
from ..namespaces import ENV_HOSTS
from ..rule import Example
from ..subject import Imported
from ..symbols import is_compiler_rt, is_intrinsic, is_libc, is_libm, mangled, wanted_by

_SPECIAL: Final = frozenset("*?[]=")
_FORGOTTEN: Final = ': was #[link(wasm_import_module = "...")] forgotten?'
_UNDEFINED: Final = ", where linkers put what nobody defined"


class EnvImport(EnvRule):
    """A Rust module, or another one that a linker made, imports a plain name from ``env``.

    ``env`` is what the compiler says where the source says nothing: most likely ``#[link(wasm_import_module = "...")]``
    was forgotten on the ``extern "C"`` block, or the symbol should have been linked in. From Rust 1.96 on the linker
    refuses undefined symbols; older ones silently make an import. If the host does offer it there, list it under
    ``env``; one of getrandom's is the sign of its back end ``custom``, which the crate itself has to define. A module
    without a producers section is known to be a linker's by what else it leaves: exports such as ``__heap_base``, names
    that only compilers make, code that lends itself room on the stack.
    With ``env-module = "js"`` the finding carries a fix that moves the import to ``js``.
    """

    code, severity = "WR114", Severity.WARNING
    message = "'{name}' is imported from 'env'{hint}"
    good = (
        Example('(module (@producers (language "Rust" "")) (import "js" "greet" (func)))'),
        Example('(module (@producers (language "Rust" "")) (import "env" "napi_typeof" (func)))'),
        Example('(module (@producers (language "Rust" "")) (import "env" "greet" (func)))', config='env = ["gr*"]'),
        Example('(module (import "env" "greet" (func)))'),
    )
    bad = (
        Example('(module (@producers (language "Rust" "")) (import "env" "greet" (func)))', ("greet",)),
        Example(
            '(module (@producers (language "Rust" "")) (import "env" "greet" (func)))',
            ("greet",),
            config='env-module = "js"',
        ),
        Example(
            """(module (@producers (language "Rust" ""))
              (import "env" "greet" (func)) (import "js" "greet" (func)))""",
            ("greet",),
            config='env-module = "js"',
        ),
        Example(
            """(module (@producers (language "Rust" ""))
              (import "env" "__getrandom_v03_custom" (func (param i32 i32) (result i32))))""",
            ("__getrandom_v03_custom",),
        ),
        Example(
            '(module (import "env" "greet" (func)) (global (export "__heap_base") i32 (i32.const 1048576)))', ("greet",)
        ),
        Example('(module (import "env" "greet" (func)) (import "env" "__multi3" (func)))', ("greet",)),
        Example(
            """(module (import "env" "greet" (func)) (memory 2) (global (mut i32) (i32.const 66560))
              (func (local i32)
                (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16))))
                (call 0)
                (global.set 0 (i32.add (local.get 0) (i32.const 16)))))""",
            ("greet",),
        ),
    )

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one that neither a library nor a known host has."""
        subject = self.subject
        if subject.is_emscripten or self._explained(entry) or not subject.is_linked:
            return
        severity = self.severity if subject.is_rust else Severity.NOTE
        hint = _FORGOTTEN if subject.is_rust and _from_source(entry) else _UNDEFINED
        library = wanted_by(entry.name)
        if library is not None:
            hint = f": {library} calls it, and the program has to define it"
        yield self.found(subject.at_import(entry), entry.name, severity=severity, hint=hint, fix=self._fix(entry))

    @staticmethod
    def _explained(entry: Imported) -> bool:
        name, item = entry.name, entry.item
        if is_compiler_rt(name) or is_intrinsic(name) or mangled(name) is not None:
            return True
        if is_libm(name, item) or is_libc(name, item):
            return True
        return any(pattern.fullmatch(name) for pattern, _ in ENV_HOSTS)

    def _fix(self, entry: Imported) -> Fix | None:
        module = self.settings.env_module
        if module is None or _SPECIAL & set(entry.name) or "*" in module:
            return None
        if self.subject.merges("env", module, entry.name):
            return None
        options = {"module": (f"env={module}",), "match-module": ("env",), "match-name": (entry.name,)}
        return Fix("rename-imports", options, f"import it from '{module}'")


def _from_source(entry: Imported) -> bool:
    """Whether an ``extern`` block can have declared it: functions, by names that programs can write."""
    return isinstance(entry.item, Func) and entry.name.isidentifier()
