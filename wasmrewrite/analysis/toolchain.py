"""Which tools a module comes from, by what they leave in it: every tool with the evidence.

For modules that do not say so themselves, or not in full. Not here: the producers section, which anybody can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..codec import frame
from ..model import Import, Module

_DATA: Final = 11
_RUST_NAME: Final = re.compile(rb"_ZN[\w$.]{1,400}17h[0-9a-f]{16}E|_R[NIMXY][\w]{4,}")
_RUST_SYMBOL: Final = re.compile(
    r"_ZN[\w$.]{1,400}17h[0-9a-f]{16}E|_R[NIMXY][\w]{4,}|__rust_\w+|rust_(?:eh_personality|begin_unwind|panic)"
)
_RUST_PATH: Final = re.compile(rb"/rustc/[0-9a-f]{40}/library/[\w/.-]{1,60}\.rs")
_CARGO_PATH: Final = re.compile(rb"/registry/src/[\w.-]{1,60}-[0-9a-f]{16}/[\w.+-]{1,60}/[\w/.-]{1,60}\.rs")

_LINKER: Final = "wasm-ld"
_IMPORTS: Final = (
    ("wasm-bindgen", re.compile(r"(?:__wbindgen_\w+__|wbg)\..*|.*\.__(?:wbindgen|wbg)_\w+", re.DOTALL)),
    ("Node-API", re.compile(r"env\.napi_\w+")),
    ("emnapi", re.compile(r"emnapi\..*|.*\._?emnapi_\w+", re.DOTALL)),
    (
        "Emscripten",
        re.compile(r"env\.(?:_?emscripten_\w+|__syscall_\w+|_abort_js|_tzset_js|_embind_\w+|invoke_[vijfd]+)"),
    ),
    ("Go", re.compile(r"go(?:js)?\.(?:runtime\.|syscall/js\.).*", re.DOTALL)),
)
"""By both names of an import, with a dot between."""

_EXPORTS: Final = (
    ("wasm-bindgen", re.compile(r"__wbindgen_\w+")),
    ("Node-API", re.compile(r"napi_register_\w+")),
    ("emnapi", re.compile(r"_?emnapi_\w+")),
    ("Emscripten", re.compile(r"_?emscripten_\w+")),
    ("AssemblyScript", re.compile(r"__rtti_base")),
    ("component tooling", re.compile(r"cabi_(?:realloc|post_.+)", re.DOTALL)),
    (_LINKER, re.compile(r"__(?:data_end|heap_base|wasm_call_ctors)")),
)
_SECTIONS: Final = (
    ("wasm-bindgen", re.compile(r"__wasm_bindgen_unstable")),
    ("Go", re.compile(r"go:buildid")),
    ("wasm-ld, as a dynamic library", re.compile(r"dylink(?:\.0)?")),
    ("wasm-ld, which has still to link it", re.compile(r"linking")),
    ("component tooling", re.compile(r"component-type.*", re.DOTALL)),
)
_MINIFIED: Final = re.compile(r"[A-Za-z$_]{1,2}")


@dataclass(frozen=True, slots=True)
class Maker:
    """A tool and what gives it away, in words; these may hold names as they are in the module."""

    name: str
    evidence: str


def makers(module: Module) -> list[Maker]:
    """The tools that a module as it was read seems to come from, each once, languages first."""
    found: dict[str, Maker] = {}
    for maker in _all(module):
        found.setdefault(maker.name, maker)
    if len(found) > 1:
        found.pop(_LINKER, None)  # everybody uses it
    return list(found.values())


def rust_evidence(module: Module) -> str | None:
    """What in a module only rustc leaves: mangled names, or paths of its library and of crates. None without any.

    Names are looked for among functions, imports and exports.
    """
    data = module.source.data
    names = next((each.span for each in module.customs if each.name == "name" and each.span is not None), None)
    if names is not None and (mangled := _RUST_NAME.search(data, *names)):
        return f"the function name {mangled.group().decode('ascii')}"
    for word, symbol in _symbols(module):
        if _RUST_SYMBOL.fullmatch(symbol):
            return f"the {word} {symbol!r}"
    for section in frame(data) if data else ():
        if section.id != _DATA:
            continue
        for pattern in (_RUST_PATH, _CARGO_PATH):
            if path := pattern.search(data, section.start, section.end):
                return f"the path {path.group().decode('ascii')} in its data"
    return None


def _symbols(module: Module) -> Iterator[tuple[str, str]]:
    """Names that a linker took over from objects: of imports from ``env``, and of exports."""
    origins = (getattr(item, "origin", None) for item in module.imports)
    yield from (("import", each.name) for each in origins if isinstance(each, Import) and each.module == "env")
    yield from (("export", each.name) for each in module.exports)


def _all(module: Module) -> Iterator[Maker]:
    rust = rust_evidence(module)
    if rust is not None:
        yield Maker("Rust", rust)
    origins = [origin for item in module.imports if isinstance(origin := item.origin, Import)]
    yield from _by_name(_IMPORTS, [str(origin) for origin in origins], "import")
    yield from _by_name(_EXPORTS, [export.name for export in module.exports], "export")
    yield from _by_name(_SECTIONS, [custom.name for custom in module.customs], "section")
    if origins and all(each.module == "a" and _MINIFIED.fullmatch(each.name) for each in origins):
        yield Maker("Emscripten", f"all imports are minified, such as {str(origins[0])!r}")


def _by_name(signs: tuple[tuple[str, re.Pattern[str]], ...], names: list[str], word: str) -> Iterator[Maker]:
    for maker, pattern in signs:
        name = next((each for each in names if pattern.fullmatch(each)), None)
        if name is not None:
            yield Maker(maker, f"{word} {name!r}")
