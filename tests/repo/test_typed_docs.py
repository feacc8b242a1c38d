"""Every Python block of the README and the docs passes ``mypy --strict`` in a user's file, and so do the examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, relative

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
EXAMPLES = tuple(sorted((ROOT / "examples").rglob("*.py")))
BLOCK = re.compile(r"^```(?:python|py)\b[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# What the docs call the reader's own.
THEIRS = {
    "my_passes.py": """
from dataclasses import dataclass
from wasmrewrite.rewrite import Editor, Module, ModulePass

@dataclass(frozen=True, slots=True)
class MyPass(ModulePass):
    def run(self, module: Module, edit: Editor) -> None: ...
""",
}

# What users write and no page shows: each name of an item, an operand and an accessor, with the type that it has.
USES = """
from wasmrewrite import Caller, Instr, Interface, Module, Store, instantiate, instr, with_caller
from wasmrewrite.isa.types import FUNCREF, I32, RefType
from wasmrewrite.model import Body, Expr, Import
from wasmrewrite.rewrite import BrTable, Cast, Catch, Code, Editor, MemArg
from wasmrewrite.runtime import GlobalInst, MemoryInst, TableInst, TagInst

module = Module.from_file("app.wasm")
names: list[str] = [item.origin.name for item in module.imports if isinstance(item.origin, Import)]
modules: set[str] = {item.imported_as().module for item in module.imports}
kinds: list[str] = [f"{item.space.value} {item.type} {item.index0}" for item in module.imports]
exported: dict[str, str] = {export.name: str(export.item.type) for export in module.exports}
for func in module.funcs:
    if isinstance(func.origin, Body):
        code: list[Instr] = [each for each in func.origin.expr if each.op.name != "nop"]
load: Instr = instr("i32.load", MemArg(2, 0, module.memories[0]))
caught: Instr = instr("try_table", None, (Catch(0, module.tags[0], 0), Catch(2, None, 1)))
cast: Instr = instr("br_on_cast", Cast(0, FUNCREF, RefType(False, module.types[0])))
table: Instr = instr("br_table", BrTable((0, 1), 2))
edit = Editor(module)
body = Code([I32]).add("local.get", 0)
edit.export("f", edit.add_func(edit.type([I32], [I32]), body.local_runs, body.instrs, "f"))
edit.set_type(module.memories[0], module.memories[0].type)


@with_caller
def host(caller: Caller, address: int) -> int:
    data: bytes = caller.memory.read(address, 4)
    return int(caller.func("f")(len(data)))


store = Store()
instance = instantiate(module, {"m": {"f": host, "g": lambda: 1}}, store, interface=Interface())
memory: MemoryInst = instance.memory("memory")
number: GlobalInst = instance.global_("n")
refs: TableInst = instance.table("t")
tag: TagInst = instance.tag("e")
number.value = -1
refs.set(0, instance.func("f"))
second = instantiate(module, {"m": instance.exports})
"""

# Each line has to be refused: were everything ``Any``, all of the above would pass, too.
WRONG = """
from wasmrewrite import Module, instantiate
from wasmrewrite.rewrite import Catch, MemArg

module = Module.from_file("app.wasm")
MemArg(2, 0, 0)
MemArg(2, 0, module.funcs[0])
Catch(0, module.memories[0], 0)
instantiate(module).memory("memory").read("0", 4)
instantiate(module).func(0)
module.exports[0].item.typo
module.imports[0].origin.module
"""


def blocks() -> Iterator[tuple[str, str]]:
    """Names of files, which say where the block stands, and the code of it."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 2
            yield f"{re.sub('[^a-z]', '_', relative(page).lower())}_line_{line}.py", match[1]


def mypy(folder: Path) -> list[str]:
    """What is wrong with the files of a folder, checked without any configuration of ours."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    options = ["--strict", "--config-file=", f"--cache-dir={ROOT / '.cache' / 'mypy-docs'}", "--no-error-summary"]
    environment = {**os.environ, "MYPYPATH": str(folder)}
    command = [sys.executable, "-m", "mypy", *options, *sorted(each.name for each in folder.glob("*.py"))]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if ": note: " not in line]


def test_a_block_is_found_in_each_of_these_pages() -> None:
    found = " ".join(name for name, _ in blocks())
    for page in ("readme_md", "docs_verify_md", "docs_fuzzing_md", "docs_callgraph_md"):
        assert page in found


def test_every_block_passes(tmp_path: Path) -> None:
    for name, code in (*blocks(), *THEIRS.items(), ("uses.py", USES)):
        (tmp_path / name).write_text(code, "utf-8")
    for each in EXAMPLES:
        (tmp_path / each.name).write_bytes(each.read_bytes())
    assert mypy(tmp_path) == []


def test_what_is_wrong_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    lines = {int(each.split(":")[1]) for each in mypy(tmp_path)}
    assert lines == set(range(6, 13))
