"""Writing tells where each instruction of the output comes from: from one of the input, or from which function.

Checked against the instructions themselves, decoded before and after, of functions moved, renumbered and edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.helpers.external import ROOT
from tests.helpers.operations import OPERATIONS
from tests.helpers.smith import smith
from wasmrewrite import Module
from wasmrewrite.codec import Written, write
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body, Func, instr
from wasmrewrite.rewrite import Editor

BUILT = sorted((ROOT / "corpus" / "built").glob("*.wasm"))
CODE_OPERATIONS = ("add_func", "set_body", "add_import", "add_global", "redirect", "remove", "set_start", "set_type")


def instructions(module: Module) -> Iterator[tuple[Func, int, str]]:
    """Function, offset and mnemonic of every instruction, the final ``end`` included."""
    for func in module.funcs:
        if isinstance(func.origin, Body) and func.origin.span is not None:
            assert func.origin.expr.span is not None
            for offset, op, _ in decode(module.source.data, *func.origin.expr.span):
                yield func, offset, op.name


def check(module: Module, written: Written) -> tuple[int, int]:
    """How many instructions of the output are old, and how many new; each has to be one of the two."""
    old = {offset: name for _, offset, name in instructions(Module(module.source.again()))}
    new = {offset: (func, name) for func, offset, name in instructions(Module.from_bytes(written.data))}
    images = {offset: image for offset in old if (image := written.offset_of(offset)) is not None}
    for offset, image in images.items():
        assert new[image][1] == old[offset]
        assert written.item_at(image) is None
    assert len(set(images.values())) == len(images)
    added = new.keys() - set(images.values())
    for offset in added:
        item = written.item_at(offset)
        assert item is not None
        assert written.index_of(item) == new[offset][0].index0
    gone = [offset for offset in old if offset not in images]
    assert len(images) + len(gone) == len(old)
    return len(images), len(added)


@pytest.mark.parametrize("path", BUILT[::3], ids=lambda path: path.name)
def test_edited_and_renumbered(path: Path) -> None:
    module = Module.from_bytes(path.read_bytes())
    edit = Editor(module)
    defined = [func for func in module.funcs if isinstance(func.origin, Body)]
    for func in defined[::5]:
        assert isinstance(func.origin, Body)
        code = list(func.origin.expr)
        edit.set_body(func, func.origin.locals, [instr("nop"), *code, instr("nop")])
    edit.add_import("a", "b", edit.type(()), first=True)
    edit.add_func(edit.type(()), (), [instr("nop")])
    kept, added = check(module, write(module))
    assert kept == len(list(instructions(Module.from_bytes(path.read_bytes()))))
    assert added == 2 * len(defined[::5]) + 2


def test_indices_that_take_more_room_move_what_stands_behind_them() -> None:
    """127 becomes 128: each call grows, and the rest of its body moves within it."""
    module = Module.empty()
    edit = Editor(module)
    funcs = [edit.add_func(edit.type(()), (), ()) for _ in range(128)]
    edit.set_body(funcs[0], (), [instr("call", funcs[127]), instr("nop"), instr("call", funcs[127]), instr("nop")])
    again = Module.from_bytes(module.to_bytes())
    Editor(again).add_import("a", "b", again.types[0])
    written = write(again)
    assert [run.size for run in written.offsets[:4]] == [1, 2, 3, 2]
    assert check(again, written) == (128 + 4, 0)


def test_what_smith_makes() -> None:
    total = [0, 0]
    for seed in range(60):
        module = Module.from_bytes(smith(seed))
        edit, random = Editor(module), Random(seed)
        for name in random.sample(CODE_OPERATIONS, 3):
            OPERATIONS[name](edit, random)
        total = [one + other for one, other in zip(total, check(module, write(module)), strict=True)]
    assert min(total) > 100
