"""``check_pass``: a test of one's own pass in one call. Any test runner will do: failures are ``AssertionError``.

``fuzz_pass`` of ``wasmrewrite.fuzz`` runs a pass over modules nobody wrote. Not here: anything of pytest.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from ..contract import Interface
from ..equiv import Different, Verdict, verify
from ..errors import ConfigError, WasmError
from ..model import Module
from ..rewrite import ModulePass, Pipeline, Result, parse_interface
from ..validate import validate
from .listing import listing

__all__ = ["check_pass", "listing"]


def check_pass(
    passes: ModulePass | Sequence[ModulePass],
    *,
    before: str | bytes,
    after: str | bytes,
    interface: str | Interface | None = None,
    verdict: str = "same",
) -> Result:
    """Run ``passes`` on ``before`` and compare the output with ``after``, item by item; then validate and verify it.

    ``before`` and ``after`` are modules, in binary or as text (assembled by wasmtime: extra ``oracle``). Names, custom
    sections and encodings are not compared; items, types too, have to come in the same order. ``interface`` declares
    imports and exports, as the contents of a declarations file. ``verdict`` is what the output has to be by its own
    contract: ``"same"``, or ``"inconclusive"`` for what cannot be executed; a broken module cannot be expected.

    Returns the result of the run. Raises ``AssertionError`` for whatever differs; ``ConfigError`` for another
    ``verdict`` and for text without wasmtime; what the passes raise.
    """
    if verdict not in ("same", "inconclusive"):
        raise ConfigError(f"unknown verdict {verdict!r}; expected 'same' or 'inconclusive'")
    old, expected = _binary(before), Module.from_bytes(_binary(after), check="validate")
    declared = parse_interface(interface) if isinstance(interface, str) else interface
    pipeline = Pipeline([passes] if isinstance(passes, ModulePass) else list(passes), declared)
    result = pipeline.run(Module.from_bytes(old, check="validate"))
    _compare(result, expected)
    _compare_verdicts(verify(old, result.data, result.contract, interface=declared), verdict)
    return result


def _binary(module: str | bytes) -> bytes:
    """A module in binary. Raises ``ConfigError`` for text without wasmtime, ``AssertionError`` for text with errors."""
    if isinstance(module, bytes):
        return module
    try:
        import wasmtime
    except ImportError as error:
        raise ConfigError("modules as text need wasmtime: pip install 'wasmrewrite[oracle]'") from error
    try:
        return bytes(wasmtime.wat2wasm(module))
    except wasmtime.WasmtimeError as error:
        raise AssertionError(f"the text does not assemble: {error}") from error


def _compare(result: Result, expected: Module) -> None:
    try:
        validate(result.module)
    except WasmError as error:
        raise AssertionError(f"the output is not valid: {error}") from error
    wanted, found = listing(expected), listing(result.module)
    if wanted != found:
        differing = unified_diff(wanted, found, "expected", "found", lineterm="", n=2)
        raise AssertionError("the output differs from what is expected\n" + "\n".join(differing))


def _compare_verdicts(found: Verdict, wanted: str) -> None:
    if isinstance(found, Different) or found.word != wanted:
        raise AssertionError(f"expected the verdict {wanted}\n{found.text()}")
