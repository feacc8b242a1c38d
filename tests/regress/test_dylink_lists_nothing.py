"""A ``dylink.0`` section forbade renaming imports and exports although it lists none."""

from __future__ import annotations

import pytest

from tests.helpers.binary import custom, leb, text, vector
from tests.helpers.wat import wat
from wasmrewrite import Module
from wasmrewrite.contract import Contract, Renamed
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import I32, FuncType, TypeDef
from wasmrewrite.model import Import
from wasmrewrite.passes.rename_imports import RenameImports
from wasmrewrite.rewrite import Editor, Pipeline

SHARED = bytes.fromhex(
    "0061736d01000000000f0864796c696e6b2e30010404020000010d0360017f017f6000006000017f02470403656e76066d656d6f"
    "727902000103656e760d5f5f6d656d6f72795f62617365037f0003656e760c5f5f7461626c655f62617365037f0003656e760869"
    "6d706f727465640000030504010202010612037f0041000b7f0041000b7f00418080040b075a07115f5f7761736d5f63616c6c5f"
    "63746f7273000104666f6f32000203666f6f000307636f756e746572030204696e697400040c5f5f64736f5f68616e646c650303"
    "155f5f7761736d5f66697273745f706167655f656e6403040a370402000b040041000b18002380808080004180808080006a2802"
    "001080808080000b14002380808080004180808080006a41063602000b0b0a010023000b0405000000006c046e616d65000a0964"
    "2e736f2e7761736d012f050008696d706f7274656401115f5f7761736d5f63616c6c5f63746f72730204666f6f320303666f6f04"
    "04696e6974071e02000d5f5f6d656d6f72795f62617365010c5f5f7461626c655f6261736509080100052e6461746100220f7461"
    "726765745f6665617475726573012b0f6d757461626c652d676c6f62616c73"
)
CODE = wat("""(module (import "env" "f" (func)) (import "env" "g" (func)) (memory 1) (data (i32.const 0) "x")
  (func (export "e")) (func (export "h")))""")
NEEDS = b"\1\4\0\0\0\0"


def sub(number: int, contents: bytes) -> bytes:
    return bytes((number,)) + leb(len(contents)) + contents


LISTS = sub(3, vector(text("e") + leb(0))) + sub(4, vector(text("env") + text("f") + leb(1)))


def loaded(contents: bytes, name: str = "dylink.0") -> Module:
    return Module.from_bytes(CODE[:8] + custom(name, contents) + CODE[8:])


def test_renaming_what_is_not_listed_is_allowed() -> None:
    result = Pipeline([RenameImports(module=("env=host",))]).run(Module.from_bytes(SHARED))
    origins = {str(getattr(each, "origin", None)).split(".")[0] for each in result.module.imports}
    assert "env" not in origins
    assert isinstance(verify(SHARED, result.data, result.contract, calls=20), Same)


def renamed_import(module: Module, name: str) -> None:
    item = next(each for each in module.imports if str(getattr(each, "origin", None)) == f"env.{name}")
    Editor(module).rename_import(item, Import("host", name))


def renamed_export(module: Module, name: str) -> None:
    export = module.export(name)
    assert export is not None
    Editor(module).rename_export(export, "other")


def removed_export(module: Module, name: str) -> None:
    export = module.export(name)
    assert export is not None
    Editor(module).remove_export(export)


def removed_import(module: Module, name: str) -> None:
    Editor(module).remove(module.funcs["fg".index(name)])


def retyped(module: Module, name: str) -> None:
    edit = Editor(module)
    edit.set_type(module.funcs["fgeh".index(name)], edit.type([I32]))


@pytest.mark.parametrize(
    ("change", "listed", "other"),
    [
        (renamed_import, "f", "g"),
        (removed_import, "f", "g"),
        (renamed_export, "e", "h"),
        (removed_export, "e", "h"),
        (retyped, "e", "h"),
        (retyped, "f", "g"),
    ],
)
def test_what_is_listed_stays(change: object, listed: str, other: str) -> None:
    assert callable(change)
    module = loaded(NEEDS + LISTS)
    change(module, other)
    module.to_bytes()
    module = loaded(NEEDS + LISTS)
    change(module, listed)
    with pytest.raises(RewriteError, match=r"'dylink\.0' does not survive this edit: it lists an import or export"):
        module.to_bytes()
    for contents in (NEEDS, b""):
        module = loaded(contents)
        change(module, listed)
        module.to_bytes()


@pytest.mark.parametrize("broken", [LISTS[:-1] + b"\x80", b"\4\x7f", sub(4, b"\1\xff")])
def test_what_cannot_be_read_may_list_anything(broken: bytes) -> None:
    module = loaded(broken)
    renamed_import(module, "g")
    with pytest.raises(RewriteError, match=r"'dylink\.0'"):
        module.to_bytes()


@pytest.mark.parametrize(
    ("name", "contents", "refused"),
    [("dylink.0", NEEDS, True), ("dylink.0", LISTS, False), ("dylink", b"\1\0\0\0\0", True), ("other", NEEDS, False)],
)
def test_sizes_are_told_to_the_loader(name: str, contents: bytes, refused: bool) -> None:
    module = loaded(contents, name)
    module.datas.pop()
    if refused:
        with pytest.raises(RewriteError, match="it tells the loader the size of memory and table"):
            module.to_bytes()
    else:
        module.to_bytes()


def test_the_judge_sees_a_list_that_lies() -> None:
    data = loaded(NEEDS + LISTS).source.data
    after = data.replace(b"\3env\1f\0", b"\3env\1F\0")
    verdict = verify(data, after, Contract(claims=(Renamed("import", "f", "F", "env", "env"),)), calls=5)
    assert isinstance(verdict, Different)
    assert verdict.structure.unexplained == ["stale custom section 'dylink.0': an import that it lists is gone"]


def test_what_nobody_looked_at_stays_unread() -> None:
    """Asking for names that changed may not read an export section that is broken and that nothing touched."""
    broken = CODE.replace(b"\x01h\x00\x03", b"\x01h\x00\x63")
    module = Module.from_bytes(broken[:8] + custom("dylink.0", NEEDS) + broken[8:])
    assert broken != CODE
    module.types.append(TypeDef(FuncType((I32, I32, I32), ())))
    module.to_bytes()
