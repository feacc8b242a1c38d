"""A malformed output was blamed on the input, with exit code 3; it is a mistake of the pass, which has to be named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite import Module
from wasmrewrite.cli import exits
from wasmrewrite.cli.__main__ import call
from wasmrewrite.codec import contents
from wasmrewrite.errors import InvalidError, MalformedError, OutputError, RewriteError
from wasmrewrite.isa.types import I64
from wasmrewrite.model import Body, Export, Expr, Func
from wasmrewrite.rewrite import Editor, ModulePass, Pipeline, registry

PLAIN = wat('(module (func $f (export "f")) (func (result i32) i32.const 1))')


@dataclass(frozen=True, slots=True)
class AddsType(ModulePass):
    """Is right, whatever writing makes of it."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.add_func(edit.type([I64, I64]), (), ())


@dataclass(frozen=True, slots=True)
class Right(ModulePass):
    """Does something that cannot go wrong."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.rename_export(module.exports[0], f"{module.exports[0].name}'")


@dataclass(frozen=True, slots=True)
class LeavesGone(ModulePass):
    """Exports a function that the module does not hold."""

    def run(self, module: Module, edit: Editor) -> None:
        module.exports.append(Export("ghost", Func(module.types[0], Body.of((), Expr.of(())))))


@dataclass(frozen=True, slots=True)
class Retypes(ModulePass):
    """Leaves callers and bodies alone."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.set_type(module.funcs[1], edit.type((), (I64,)))


@dataclass(frozen=True, slots=True)
class ReadsOwnOutput(ModulePass):
    """Makes something malformed and reads it back."""

    def run(self, module: Module, edit: Editor) -> None:
        raise MalformedError("what I made")


@dataclass(frozen=True, slots=True)
class Refuses(ModulePass):
    """Says that it cannot be done."""

    def run(self, module: Module, edit: Editor) -> None:
        raise RewriteError("not this one")


@pytest.fixture
def miscounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing counts one type too few, as it once did."""
    real = contents.Contents._count

    def count(self: contents.Contents, number: int, count: int) -> bytes:
        return real(self, number, count - (number == 1))

    monkeypatch.setattr(contents.Contents, "_count", count)


@pytest.mark.usefixtures("miscounts")
@pytest.mark.parametrize("passes", [[AddsType()], [Right(), AddsType()], [Right(), AddsType(), Right()]], ids=len)
def test_what_cannot_be_read_back(passes: list[ModulePass]) -> None:
    with pytest.raises(OutputError, match="pass adds-type made what cannot be read back: malformed: type section"):
        Pipeline(passes).run(Module.from_bytes(PLAIN))


@pytest.mark.parametrize(
    ("wrong", "name", "what"),
    [
        (LeavesGone(), "leaves-gone", "what cannot be written: rewrite: function <Func new> is used but not in the"),
        (Retypes(), "retypes", "what is not valid: invalid: code section"),
        (ReadsOwnOutput(), "reads-own-output", "what cannot be read back: malformed: pass reads-own-output: what"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_raised_it(wrong: ModulePass, name: str, what: str) -> None:
    for passes in ([wrong], [Right(), wrong], [wrong, Right()], [Right(), wrong, Right()]):
        with pytest.raises(OutputError, match=f"pass {name} made {what}"):
            Pipeline(passes).run(Module.from_bytes(PLAIN))


def test_the_input_is_blamed_for_what_is_wrong_with_it() -> None:
    broken = PLAIN.replace(b"\x41\x01\x0b", b"\x01\x01\x0b")
    with pytest.raises(InvalidError, match="type mismatch"):
        Pipeline([Retypes()]).run(Module.from_bytes(broken))
    assert Pipeline([AddsType()]).run(Module.from_bytes(broken)).changed  # old code is not looked at
    with pytest.raises(MalformedError, match="what I made"):
        Pipeline([ReadsOwnOutput()]).run(Module.from_bytes(broken))
    with pytest.raises(RewriteError, match="not this one") as caught:
        Pipeline([Refuses()]).run(Module.from_bytes(PLAIN))
    assert not isinstance(caught.value, OutputError)


CLASSES: dict[str, type[ModulePass]] = {"leaves-gone": LeavesGone, "retypes": Retypes, "refuses": Refuses}


@pytest.mark.parametrize(
    ("name", "code"), [("leaves-gone", exits.INTERNAL), ("retypes", exits.INTERNAL), ("refuses", exits.BAD_INPUT)]
)
def test_exit_codes(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(registry, "find", lambda name, plugins=True: CLASSES[name])
    (tmp_path / "a.wasm").write_bytes(PLAIN)
    assert call(["rewrite", str(tmp_path / "a.wasm"), "-o", str(tmp_path / "b.wasm"), "--pass", name]) == code
    assert f"pass {name}" in capsys.readouterr().err
    assert not (tmp_path / "b.wasm").exists()


@pytest.mark.usefixtures("miscounts")
def test_the_miscount_that_started_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wasm").write_bytes(wat('(module (func (export "f") (param i32)))'))
    command = ["rewrite", str(tmp_path / "a.wasm"), "-o", str(tmp_path / "b.wasm"), "--pass", "add-start"]
    assert call([*command, "--set", "add-start.function=f", "--set", "add-start.args=i32:1"]) == exits.INTERNAL
    assert "pass add-start made what cannot be read back: malformed: type section" in capsys.readouterr().err


