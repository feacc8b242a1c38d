"""Relocations name sections by their number: stripping one in front of another made objects that no linker takes.

The object is what clang made of a few lines with debug information.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.helpers.binary import custom, leb, text, vector
from tests.helpers.wat import wat
from wasmrewrite import Module
from wasmrewrite.cli.__main__ import call
from wasmrewrite.codec import frame, write
from wasmrewrite.contract import Contract, Removed
from wasmrewrite.equiv import Different, verify
from wasmrewrite.errors import RewriteError
from wasmrewrite.explain.remarks import Remarks
from wasmrewrite.isa.types import I32
from wasmrewrite.lint import lint
from wasmrewrite.passes.rename_imports import RenameImports
from wasmrewrite.rewrite import Editor, Pipeline
from wasmrewrite.validate import validate

OBJECT = bytes.fromhex(
    "0061736d01000000018d808080000360017f0060017f017f60000002e0808080000403656e760f5f5f6c696e6561725f6d656d6f"
    "727902000103656e7608696d706f72746564000103656e760f5f5f737461636b5f706f696e746572037f0103656e76195f5f696e"
    "6469726563745f66756e6374696f6e5f7461626c650170000203848080800003000002098880808000010041010b0201020c8180"
    "808000020ae48080800003210020004207370300200041086a410028028880808000108080808000ac3703000b02000b3d01017f"
    "23808080800041106b22002480808080004100410636028880808000200041002802808080800011808080800000200041106a24"
    "80808080000b0b9780808000020041000b0801000000020000000041080b040500000000b8808080000d2e64656275675f616262"
    "726576011101250e1305030e10171b0eb44219110112060000022e00110112064018030e3a0b3b0b3f1900000000ca808080000b"
    "2e64656275675f696e666f3a0000000400000000000401000000000c000500000000000000090000000200000021000000020200"
    "00002100000007ed03000000009f0c000000010300009c808080000a2e64656275675f73747268616e6400612e63002f78007061"
    "69720000ab808080000f2e64656275675f7075626e616d6573170000000200000000003e00000026000000706169720000000000"
    "00a2808080000f2e64656275675f70756274797065730e0000000200000000003e0000000000000000c2808080000b2e64656275"
    "675f6c696e653200000004001b000000010101fb0e0d00010101010000000100000100612e630000000000000502020000001105"
    "020a5c021c00010100f780808000076c696e6b696e670208c3808080000b0000010470616972010007636f756e74657201000400"
    "10000000020668656c70657200000304696e697402100001000374616200000803020703020803020903020c059f80808000020b"
    "2e726f646174612e74616202000d2e646174612e636f756e746572020000a8808080000a72656c6f632e434f4445050803130100"
    "001902072b0507360503410100034c0600065200075e050093808080000a72656c6f632e444154410602020600020a0300b78080"
    "80001172656c6f632e2e64656275675f696e666f080909060700090c09000912090509160a00091a0909081e0000082700000d32"
    "050937090c009c808080001572656c6f632e2e64656275675f7075626e616d65730a0109060800009c808080001572656c6f632e"
    "2e64656275675f70756274797065730b01090608000098808080001172656c6f632e2e64656275675f6c696e650c010828000000"
    "9a808080000970726f64756365727301086c616e6775616765010343393900"
)
NAMED = {".debug_abbrev", ".debug_info", ".debug_str", ".debug_line"}
"""Sections with a symbol."""


def without(data: bytes, *names: str) -> bytes:
    module = Module.from_bytes(data)
    edit = Editor(module)
    for each in [each for each in module.customs if each.name in names]:
        edit.remove_custom(each)
    return module.to_bytes()


def names() -> list[str]:
    return [each.name for each in Module.from_bytes(OBJECT).customs]


def test_the_object_is_one() -> None:
    module = Module.from_bytes(OBJECT)
    validate(module)
    assert set(names()) > NAMED
    assert module.to_bytes() == OBJECT == module.to_bytes(reencode=True)


@pytest.mark.parametrize("name", [each for each in names() if each != "producers"])
def test_what_relocations_speak_of_stays(name: str) -> None:
    with pytest.raises(RewriteError, match=r"custom section '(linking|reloc\.CODE)' does not survive this edit"):
        without(OBJECT, name)


def test_what_no_section_is_named_behind_may_go() -> None:
    assert without(OBJECT, "producers") == OBJECT[: OBJECT.rindex(b"\x09producers") - 6]


def test_without_its_relocations_it_is_no_object() -> None:
    left = without(OBJECT, *(name for name in names() if name != "producers"))
    assert [each.name for each in Module.from_bytes(left).customs] == ["producers"]
    for one, other in combinations([name for name in names() if name != "producers"], 2):
        with pytest.raises(RewriteError):
            without(OBJECT, one, other)


def test_contents_and_new_sections_count_too() -> None:
    module = Module.from_bytes(OBJECT)
    section = next(each for each in module.customs if each.name == ".debug_pubtypes")
    section.replace(section.data + b"\0")
    with pytest.raises(RewriteError, match=r"'reloc\.\.debug_pubtypes' does not survive"):
        module.to_bytes()
    module = Module.from_bytes(OBJECT)
    edit = Editor(module)
    edit.set_start(edit.add_func(edit.type(()), (), ()))
    with pytest.raises(RewriteError, match="'linking' does not survive"):
        module.to_bytes()


SYMBOL = vector(b"\x03\x00\x01")
LINKED = b"\0asm\1\0\0\0" + custom("a") + custom("b", b"x") + custom("linking", leb(2) + b"\x08\x04" + SYMBOL)


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_symbol_of_a_section_is_enough(name: str) -> None:
    with pytest.raises(RewriteError, match="'linking'"):
        without(LINKED, name)


@pytest.mark.parametrize("broken", [b"\x08\x04" + SYMBOL[:-1] + b"\x80", b"\x08\x04\x02\x09\0\0", b"\x08\x7f"])
def test_what_cannot_be_read_may_speak_of_anything(broken: bytes) -> None:
    data = b"\0asm\1\0\0\0" + custom("linking", leb(2) + broken) + custom("behind")
    assert Module.from_bytes(data).to_bytes(reencode=True) == data
    with pytest.raises(RewriteError, match="'linking'"):
        without(data, "behind")


def test_nothing_is_suggested_for_an_object() -> None:
    found = lint(Module.from_bytes(OBJECT))
    assert {each.code for each in found} >= {"WR402", "WR304"}
    assert [each.fix for each in found if each.fix] == []
    assert [each for each in Remarks(Module.from_bytes(OBJECT), "a.o").all() if each.mends] == []


def test_the_judge_sees_relocations_of_another_section() -> None:
    gone = next(each for each in frame(OBJECT) if each.name == ".debug_abbrev")
    after = OBJECT[: gone.header] + OBJECT[gone.end :]
    verdict = verify(OBJECT, after, Contract(claims=(Removed("custom", ".debug_abbrev"),)), calls=1)
    assert isinstance(verdict, Different)
    assert "stale custom section 'linking': a section that it has a symbol of is not what it was" in verdict.text()
    stale = "stale custom section 'reloc..debug_info': the section that it is about is not what it was"
    assert stale in verdict.structure.unexplained


def test_the_pass_refuses_and_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.o").write_bytes(OBJECT)
    command = ["rewrite", str(tmp_path / "a.o"), "-o", str(tmp_path / "b.o"), "--pass", "strip-custom"]
    assert call(command) == 3
    assert "rewrite the linked module instead" in capsys.readouterr().err
    assert not (tmp_path / "b.o").exists()
    assert call([*command, "--set", "strip-custom.pattern=producers"]) == 0


def test_renaming_in_an_object_is_refused_as_before() -> None:
    renamed = RenameImports(module=("env=host",))
    with pytest.raises(RewriteError, match="'linking' does not survive"):
        Pipeline([renamed]).run(Module.from_bytes(OBJECT))


def test_debug_sections_that_lose_another_are_told_of() -> None:
    data = b"\0asm\1\0\0\0" + custom(".debug_info", b"x") + custom(".debug_str", b"y") + custom("z", text("z"))
    module = Module.from_bytes(data)
    module.customs.pop(1)
    result = Pipeline([]).run(module)
    assert [each.name for each in result.module.customs] == [".debug_info", "z"]
    module = Module.from_bytes(data)
    edit = Editor(module)
    edit.type([I32])
    edit.remove_custom(module.customs[1])
    assert write(module).kept == [(".debug_info", "a section that it may refer to is gone")]


def test_debug_sections_are_told_of_only_then() -> None:
    data = wat('(module (func (export "f")))') + custom(".debug_info", b"x") + custom(".debug_str", b"y")
    module = Module.from_bytes(data)
    edit = Editor(module)
    edit.rename_export(module.exports[0], "g")
    edit.add_func(module.types[0], (), ())
    assert write(module).kept == []
