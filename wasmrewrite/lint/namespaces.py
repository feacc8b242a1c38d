"""The import namespaces that tools and platforms use, and who uses them; data and look-ups.

Not here: what is wrong with using one (``rules``).
"""

from __future__ import annotations

import re
from typing import Final

KNOWN: Final = {
    "env": "linkers, for symbols nobody defined; CosmWasm, NEAR and Substrate hosts; Emscripten; AssemblyScript",
    "GOT.mem": "dynamic linking: addresses of data",
    "GOT.func": "dynamic linking: table indices of functions",
    "js": "JavaScript glue written by hand, wasm_of_ocaml",
    "wasi_snapshot_preview1": "WASI preview 1: wasi-libc, Rust, TinyGo, Emscripten",
    "wasi_unstable": "WASI before 2020",
    "wasi": "wasi-threads",
    "wasix_32v1": "Wasmer's WASIX",
    "wasix_64v1": "Wasmer's WASIX, 64-bit",
    "__wbindgen_placeholder__": "rustc's output before wasm-bindgen has run",
    "__wbindgen_externref_xform__": "rustc's output before wasm-bindgen has run",
    "wbg": "wasm-bindgen",
    "a": "Emscripten with minified names",
    "go": "Go before 1.21, for JavaScript",
    "gojs": "Go from 1.21, for JavaScript",
    "napi": "emnapi, Node-API for WebAssembly",
    "emnapi": "emnapi, Node-API for WebAssembly",
    "'": "imported string constants",
    "wasm:js-string": "JavaScript string builtins",
    "wasm:text-encoder": "JavaScript string builtins",
    "wasm:text-decoder": "JavaScript string builtins",
    "$root": "component tooling",
    "__main_module__": "component tooling",
    "spectest": "the official test suite",
    "asyncify": "Binaryen's Asyncify",
    "binaryen-intrinsics": "Binaryen",
    "fuzzing-support": "Binaryen's fuzzer",
    "__wasabi_hooks": "Wasabi",
    "seal0": "contracts on Substrate",
    "seal1": "contracts on Substrate",
    "seal2": "contracts on Substrate",
    "dart2wasm": "Dart",
    "extism:host/env": "Extism plug-ins",
    "extism:host/user": "Extism plug-ins",
}
"""Namespace → who uses it."""

_FAMILIES: Final = (
    (re.compile(r"\.{0,2}/.*", re.DOTALL), "an ES module, such as wasm-bindgen's glue"),
    (re.compile(r"(?:https?|node|npm|file|data):.+", re.DOTALL), "an ES module"),
    (re.compile(r"@[\w.-]+/[\w./-]+"), "a package of a JavaScript registry"),
    (re.compile(r"(?:\[export\])?[a-z][\w-]*:[a-z][\w-]*(?:/[\w-]+)?(?:@[\w.+-]+)?"), "component tooling"),
    (re.compile(r"cm32p2(?:\|.*)?", re.DOTALL), "component tooling"),
)

ENV_HOSTS: Final = (
    (re.compile(r"napi_\w+|_?emnapi_\w+"), "Node-API"),
    (re.compile(r"memory|__(?:indirect_function_table|memory_base|table_base|stack_pointer)"), "loaders"),
    (re.compile(r"__(?:cpp_exception|c_longjmp)"), "loaders"),
    (re.compile(r"emscripten_\w+|_emscripten_\w+|__syscall_\w+|invoke_[vijfd]+|_embind_\w+|_emval_\w+"), "Emscripten"),
    (re.compile(r"abort|seed|trace"), "AssemblyScript"),
    (re.compile(r"syscall/js\.\w+|runtime\.\w+"), "TinyGo"),
    (
        re.compile(
            r"db_(?:read|write|remove|scan|next|next_key|next_value)|addr_\w+|query_chain|debug|secp256\w+|ed25519_\w+"
            r"|bls12_381_\w+"
        ),
        "CosmWasm",
    ),
    (re.compile(r"ext_\w+|seal_\w+"), "Substrate"),
    (
        re.compile(
            r"register_len|read_register|write_register|storage_\w+|promise_\w+|value_return|log_utf(?:8|16)|panic_utf8"
            r"|input"
        ),
        "NEAR",
    ),
)
"""What hosts are known to offer under ``env``, and which."""

RIVALS: Final = (
    ("go", "gojs", "Go renamed the first to the second in 1.21"),
    ("wasi_unstable", "wasi_snapshot_preview1", "the second replaced the first, with other types"),
    ("wbg", "__wbindgen_placeholder__", "wasm-bindgen turns the second into the first"),
)
"""Namespaces that one toolchain never uses together, and why."""

_SHORT: Final = 4
_LONGEST: Final = 60
_BLANK: Final = re.compile(r"[\s_.:-]+")


def who_uses(namespace: str) -> str | None:
    """Who uses a namespace, or None if nobody known does."""
    if namespace in KNOWN:
        return KNOWN[namespace]
    return next((who for pattern, who in _FAMILIES if pattern.fullmatch(namespace)), None)


def near_miss(namespace: str, ours: tuple[str, ...] = ()) -> str | None:
    """The known namespace (or one of ``ours``) that an unknown one was meant to be, as far as one can tell."""
    if len(namespace) > _LONGEST:
        return None
    plain = _plain(namespace)
    known = [*ours, *KNOWN]
    same = [each for each in known if plain and _plain(each) == plain]
    near = [each for each in known if _is_near(plain, _plain(each))]
    return next(iter(same or near), None)


def _plain(namespace: str) -> str:
    return _BLANK.sub("", namespace).lower()


def _is_near(plain: str, known: str) -> bool:
    """Whether a slip of the finger explains the difference; short names are near to too much to believe all slips."""
    if len(known) < _SHORT:
        return len(plain) == len(known) > 2 and _slips(plain, known, 1) <= 1  # two letters exchanged
    most = 1 if len(known) <= 2 * _SHORT else 2
    return abs(len(plain) - len(known)) <= most and _slips(plain, known, most) <= most


def _slips(one: str, other: str, most: int) -> int:
    """Slips between two words: letters left out, put in, exchanged with a neighbour; a changed letter counts twice.

    Where there are more than ``most``, any number above that.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + 2 * (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:  # an exchange looks two rows back
            return most + 1
    return row[-1]
