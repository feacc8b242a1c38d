"""Bugs planted in the passes, the editor and the writer, one at a time: the judge finds each on corpus modules, and a
campaign finds each on modules that it makes up, by itself and with all passes to choose from."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from tests.wrong.rights import ENTRIES, interface_of, module_of, pipelines
from wasmrewrite.analysis import sret
from wasmrewrite.codec import contents, lower, names
from wasmrewrite.equiv import Different, Same, Verdict, verify
from wasmrewrite.fuzz import Plan, campaign
from wasmrewrite.isa.immediates import Space
from wasmrewrite.kernels.remap import remap
from wasmrewrite.model import MemArg, Module
from wasmrewrite.model.spaces import Spaces
from wasmrewrite.rewrite import Code, Editor, ModulePass, Pipeline, byvalue, registry
from wasmrewrite.rewrite.starter import Step

Plant = Callable[[pytest.MonkeyPatch], None]
CALLS = 40


def _module_of(name: str) -> Any:
    return sys.modules[registry.find(name).__module__]


def _code_changed(name: str, change: Callable[[list[Any]], list[Any]]) -> Plant:
    """Wrappers that come out of ``name`` with other code."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        real = getattr(byvalue, name)

        def wrong(*args: Any, **options: Any) -> Any:
            code = real(*args, **options)
            code.instrs = change(list(code.instrs))
            return code

        patch.setattr(_module_of("multi-value"), name, wrong)

    return plant


def _set(target: Any, name: str, value: Any) -> Plant:
    return lambda patch: patch.setattr(target, name, value, raising=False)


def _access(scalar: str, **change: str) -> Plant:
    """Another way to read or write a scalar."""
    (known,) = sret._ACCESSES[scalar]
    return _set(sret, "_ACCESSES", {**sret._ACCESSES, scalar: (replace(known, **change),)})  # type: ignore[arg-type]


def _other_start(change: Callable[[Step, Code], Code]) -> Plant:
    """Start functions with other code where there was one before."""
    real = Step.code

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Step, "code", lambda self: real(self) if self.earlier is None else change(self, real(self)))

    return plant


def _without_first(_step: Step, code: Code) -> Code:
    code.instrs = code.instrs[1:]
    return code


def _first_last(_step: Step, code: Code) -> Code:
    code.instrs = [*code.instrs[1:], code.instrs[0]]
    return code


def _first_twice(_step: Step, code: Code) -> Code:
    code.instrs = [code.instrs[0], *code.instrs]
    return code


def _expressions_not_renumbered(patch: pytest.MonkeyPatch) -> None:
    real = lower.Lower.expr

    def wrong(self: lower.Lower, expr: Any) -> bytes:
        return real(self, expr) if expr.span is None else self.data[slice(*expr.span)]

    patch.setattr(lower.Lower, "expr", wrong)


def _calls_not_renumbered(patch: pytest.MonkeyPatch) -> None:
    real = remap

    def wrong(data: Any, start: int, end: int, maps: Mapping[Space, Mapping[int, int]], shifts: Any) -> Any:
        left: dict[Space, Mapping[int, int]] = {space: moved for space, moved in maps.items() if space is not Space.FUNC}
        return real(data, start, end, left, shifts)

    patch.setattr(lower, "remap", wrong)


PLANTED: dict[str, Plant] = {
    "fields are loaded from the wrong place": _set(byvalue, "_memarg", lambda slot, found, base: _shifted(slot, found, base)),
    "the frame is not cleared": _set(byvalue, "_words", lambda _layout: ()),
    "the stack pointer is not restored": _code_changed("export_wrapper", lambda code: code[:-2]),
    "the stack pointer gets the frame": _code_changed("export_wrapper", lambda code: _with_frame(code)),
    "frames are aligned to 8": _set(byvalue, "FRAME_ALIGN", 8),
    "results are stored first to last": _set(byvalue, "reversed", list),
    "bytes are stored as words": _access("u8", store="i32.store"),
    "signed bytes are loaded unsigned": _access("i8", load="i32.load8_u"),
    "halves are loaded with their sign": _access("u16", load="i32.load16_s"),
    "the pointer is passed last": _set(byvalue.PointerReturn, "arguments", lambda self, pointer: [*range(len(self.after.params)), pointer]),
    "tables keep what was redirected": _set(Spaces, "target", lambda _self, item: item),
    "the start function before is called twice": _other_start(_first_twice),
    "the start function before is forgotten": _other_start(_without_first),
    "start functions run in the wrong order": _other_start(_first_last),
    "the start section is not renumbered": _set(contents.Contents, "_start", lambda _self: None),
    "initialisers and offsets are not renumbered": _expressions_not_renumbered,
    "calls are not renumbered": _calls_not_renumbered,
    "names stay where they were": _set(names.NameTable, "updated", lambda _self, _module, _spaces: (None, [])),
    "what instantiation calls is not claimed": _set(Editor, "claim", lambda _self, _meant: None),
}


def _shifted(slot: Any, found: Any, base: int) -> Any:
    known = min(slot.access.size, base, slot.offset & -slot.offset or base)
    return MemArg(known.bit_length() - 1, slot.offset + (slot.offset > 8), found.memory)


def _with_frame(code: list[Any]) -> list[Any]:
    frame = next(each for each in reversed(code[:-2]) if each.op.name == "local.get")
    return [*code[:-2], frame, code[-1]]


CASES: tuple[tuple[str, str], ...] = (
    ("returns.1.96-Os-stripped", "mv"), ("imports.1.96-O3", "mv"), ("tables.wat", "mv"), ("start.wat", "start"),
    ("start.wat", "first"), ("tables.wat", "first"), ("init.1.96-O3", "start"),
)  # fmt: skip
"""Each bug shows in the first one that it concerns."""


def judged(name: str, pipeline: str) -> Verdict:
    """A corpus module through a pipeline as it now is, judged."""
    entry = ENTRIES[name]
    before = module_of(entry)
    passes: Sequence[ModulePass] = dict(pipelines(entry))[pipeline]
    result = Pipeline(passes, interface_of(entry), check=False).run(Module.from_bytes(before))
    return verify(before, result.data, result.contract, calls=CALLS, interface=interface_of(entry))


def test_without_a_bug_nothing_is_found() -> None:
    for name, pipeline in CASES:
        verdict = judged(name, pipeline)
        assert isinstance(verdict, Same), f"{name}/{pipeline}: {verdict.text()}"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[name](monkeypatch)
    found = next((case for case in CASES if isinstance(judged(*case), Different)), None)
    assert found is not None, "the judge saw nothing wrong"


# --- by a campaign ------------------------------------------------------------------------------------------------------

UNSEEN = "names stay where they were"
"""No built-in pass moves functions, so nothing that a campaign makes of them shows this one."""
MOST = 250
"""Cases before each commit: all bugs show sooner with the seed used there."""
MINUTE = 1_000
"""Cases that one core gets through in a minute; whatever else it is doing, this is the limit."""
SEEDS = ("planted/a", "planted/b", "planted/c")


def cases_until_found(name: str, plan: Plan, cases: int) -> int | None:
    """How many cases a campaign on one core needs; None if ``cases`` are not enough."""
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name](patch)
        found = (number for number, each in enumerate(campaign(plan, cases=cases), 1) if each.failed)
        return next(found, None)


@pytest.mark.parametrize("name", [name for name in PLANTED if name != UNSEEN])
def test_a_campaign_finds_it(name: str) -> None:
    assert cases_until_found(name, Plan(seed="planted/gate", shrinks=0), MOST) is not None


def test_a_campaign_without_a_bug_finds_nothing() -> None:
    assert [each.why for each in campaign(Plan(seed="planted/gate", shrinks=0), cases=40) if each.failed] == []


@pytest.mark.fuzz
def test_a_campaign_finds_every_bug_within_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """Told are CPU seconds and cases until a failing case is there; making that one smaller is not counted."""
    seconds, cases, missed = [], [], []
    for name in PLANTED:
        for seed in SEEDS if name != UNSEEN else ():
            started = time.process_time()
            found = cases_until_found(name, Plan(seed=seed, shrinks=0), MINUTE)
            seconds.append(time.process_time() - started)
            cases.append(found or MINUTE)
            missed += [f"{name}, {seed}"] if found is None else []
            with capsys.disabled():
                print(f"\n  {seconds[-1]:6.1f} s, {found or 'not found in any'} cases: {name}", end="")
    with capsys.disabled():
        print(f"\n  median {median(seconds):.2f} s CPU, {median(cases)} cases; most {max(seconds):.1f} s, {max(cases)} cases")
    assert missed == []
