"""A custom section in front of the code was stripped, the code moved, and a source map that counts offsets stayed."""

from __future__ import annotations

import pytest

from tests.helpers.binary import custom
from tests.helpers.wat import wat
from wasmrewrite import Module
from wasmrewrite.codec import write
from wasmrewrite.contract import Contract, CustomChanged, Removed
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.model import Custom, instr
from wasmrewrite.passes.strip_custom import StripCustom
from wasmrewrite.rewrite import Editor, Pipeline

MAPPED = bytes.fromhex(
    "0061736d01000000010d0360017f0060017f017f60000002090103656e760170000003040301010205030100010608017f014180"
    "80040b071003016100010162000204696e697400030025196d657461646174612e636f64652e6272616e63685f68696e74020101"
    "03010102011401000a40030c002000047f41010541020b0b2e01017f230041106b2201240020011000024020000d00200141106a"
    "240020012802000f0b200141106a240041090b02000b002d046e616d65010a030001700101610201620206010201010166071201"
    "000f5f5f737461636b5f706f696e746572001710736f757263654d617070696e6755524c05782e6d6170"
)
HINTS = "metadata.code.branch_hint"


def stripped(data: bytes, name: str) -> bytes:
    """The module without a section, made without our help."""
    section = next(each for each in Module.from_bytes(data).source.sections if each.name == name)  # type: ignore[attr-defined]
    return data[: section.header] + data[section.end :]


def test_the_map_goes_when_the_code_moves() -> None:
    result = Pipeline([StripCustom(pattern=(HINTS,))]).run(Module.from_bytes(MAPPED))
    assert [each.name for each in result.module.customs] == ["name"]
    told = "left out custom section 'sourceMappingURL'"
    assert [each.why for each in result.notes if each.what == told] == ["code moved, the offsets in the map would lie"]
    assert isinstance(verify(MAPPED, result.data, result.contract, calls=20), Same)


def test_it_stays_when_what_goes_stands_behind_the_code() -> None:
    result = Pipeline([StripCustom(pattern=("name",))]).run(Module.from_bytes(MAPPED))
    assert [each.name for each in result.module.customs] == [HINTS, "sourceMappingURL"]
    assert isinstance(verify(MAPPED, result.data, result.contract, calls=20), Same)


def test_the_judge_sees_a_stale_one() -> None:
    verdict = verify(MAPPED, stripped(MAPPED, HINTS), Contract(claims=(Removed("custom", HINTS),)), calls=20)
    assert isinstance(verdict, Different)
    assert verdict.structure.unexplained == ["stale custom section 'sourceMappingURL': code moved in the file"]


def test_what_moves_code_may_be_what_another_rule_drops() -> None:
    """A build's identity goes because a function is added; that it stood in front of the code moves the code."""
    code = wat("(module (func nop))")
    data = code[:8] + custom("build_id", b"\x04abcd") + code[8:] + custom("sourceMappingURL", b"\x01x")
    module = Module.from_bytes(data)
    module.customs[0].replace(b"\x05abcde")
    written = write(module)
    assert [name for name, _ in written.dropped] == ["sourceMappingURL"]
    module = Module.from_bytes(data)
    module.customs.append(Custom("in front", b"1234567", 0))
    written = write(module)
    assert [name for name, _ in written.dropped] == ["build_id", "sourceMappingURL"]


def test_sections_are_not_put_elsewhere_in_silence() -> None:
    module = Module.from_bytes(MAPPED)
    module.customs.reverse()
    with pytest.raises(Exception, match="cannot be put in another place"):
        module.to_bytes()


def test_a_function_may_be_rewritten_in_place() -> None:
    """Nothing that is still there stands elsewhere: the map holds for all code but that of the function."""
    code = wat("(module (func (export \"f\") nop) (func nop))")
    module = Module.from_bytes(code + custom("sourceMappingURL", b"\x01x"))
    Editor(module).set_body(module.funcs[1], (), [instr("nop")])
    written = write(module)
    assert written.dropped == []
    assert written.kept == [("sourceMappingURL", "it describes rewritten functions as they were")]
    verdict = verify(module.source.data, written.data, Contract(claims=()), calls=5)
    assert isinstance(verdict, Same)


def test_hints_that_cannot_be_read_are_left_out_when_functions_move() -> None:
    data = wat("(module (func))")
    module = Module.from_bytes(data[:8] + custom(HINTS, b"\x7f") + data[8:])
    edit = Editor(module)
    edit.add_import("a", "b", module.types[0])
    written = write(module)
    assert written.dropped == [(HINTS, "it cannot be read, so it cannot be kept true")]
    assert not Module.from_bytes(written.data).customs


def test_a_replaced_section_is_claimed() -> None:
    module = Module.from_bytes(MAPPED)
    module.customs[2].replace(b"\x05other")
    out = module.to_bytes()
    claims = Contract(claims=(CustomChanged("sourceMappingURL", "why"),))
    assert isinstance(verify(MAPPED, out, claims, calls=5), Same)
