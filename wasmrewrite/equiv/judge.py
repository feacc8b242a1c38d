"""``verify``: the whole way from two modules and a contract to a verdict; and ``replay`` of a script.

It takes bytes and a contract, never anything the rewriter computed besides. Not here: the parts it is made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from ..arguments import expect, expect_count, module_bytes
from ..contract import Contract, Interface
from ..errors import ConfigError, InvalidError, MalformedError
from ..isa.types import Store as TypeStore
from .behavior.coverage import independent, measure, measure_stand_ins, required, stand_ins
from .behavior.reached import Direct, Pair
from .behavior.script import Call, Script
from .behavior.script_runs import Drive
from .behavior.search import Inquiry, Limits
from .behavior.subjects import constants, places, subjects
from .behavior.values import kind_of
from .by_value.claims import ByValue, resolve
from .by_value.declarations import contradictions
from .by_value.stack_pointer import StackPointer, find, initial_value, is_possible
from .difference import Difference
from .engines.cross_check import alone, ask, require, unseen
from .hosts.recording import HostCall
from .hosts.user_functions import SuppliedHost, as_declared, check
from .structure.comparison import Comparison, Structure
from .structure.customs import compare_customs
from .structure.index_maps import Plan, plan
from .structure.lost import lost
from .structure.module_view import View
from .verdict import Different, Evidence, Inconclusive, Same, Verdict

PER_SUBJECT: Final = 16
"""Calls made at least to each function that changed or that a claim speaks of."""
SAMPLE: Final = 60
"""Calls made when nothing that can run has changed."""


def verify(
    before: bytes,
    after: bytes,
    contract: Contract | None = None,
    *,
    calls: int = 400,
    seed: int = 0,
    stack_pointer: int | None = None,
    interface: Interface | None = None,
    host: SuppliedHost | None = None,
    outside: str | None = None,
    fuel: int = 1_000_000,
    total_fuel: int = 20_000_000,
    depth: int = 2_000,
    memory_bytes: int = 64 << 20,
) -> Verdict:
    """Judge whether ``after`` is ``before``, up to what ``contract`` claims; without one, everything must be the same.

    ``calls`` is about how many calls to compare. ``stack_pointer`` is an input global, for modules that do not show
    theirs. With an ``interface``, by-value claims have to be what it declares. The others are limits: instructions per
    call and in all, open calls, bytes that memories may grow by.

    ``host`` answers imports instead of the judge's own host: a mapping as for ``instantiate`` if its functions keep no
    state, else a function of a ``Store`` that makes one, called for every instance. What it leaves out the judge's own
    host answers. Names are the input's; a function under a by-value claim is written as the output wants it.

    ``outside="wasmtime"`` plays scripts in that engine too (extra ``oracle``). It has to do on either side what ours
    does, and stands in for ours where that does not know an instruction; if it cannot, the verdict is Inconclusive.

    Raises ``MalformedError`` or ``InvalidError`` if ``before`` is no valid module, ``ConfigError`` if ``stack_pointer``
    cannot be one or ``outside`` cannot be asked, ``LinkError`` if ``host`` does not fit the imports of ``before``, and
    what making a host raises.
    """
    before, after = module_bytes(before), module_bytes(after)
    expect(contract, (Contract, type(None)), "a Contract")
    expect(interface, (Interface, type(None)), "an Interface")
    for name, value in {"calls": calls, "fuel": fuel, "total_fuel": total_fuel, "depth": depth}.items():
        expect_count(value, name)
    if outside is not None:
        require(outside)
    limits = Limits(calls, fuel, total_fuel, depth, memory_bytes)
    return _Case(before, after, contract, limits, stack_pointer, interface, host, outside).verdict(str(seed))


def replay(script: Script, before: bytes, after: bytes, host: SuppliedHost | None = None) -> Difference | None:
    """Play a script of a ``Different`` again; the difference it shows, or None if there is none any more.

    Raises ``ConfigError`` if the script does not fit the modules, else as ``verify``.
    """
    expect(script, Script, "a Script")
    case = _scripted(script, module_bytes(before), module_bytes(after), host)
    if script.engine is None:
        return case.drive.play(script).difference
    require(script.engine)
    return alone(case.drive, script)


def host_calls(script: Script, before: bytes, after: bytes) -> list[HostCall]:
    """What the input calls of its host while a script is played, and what the judge's own host answers.

    All of it follows from the script's seed; this is for those who want to see it. Raises as ``replay``.
    """
    case = _scripted(script, before, after, None)
    kept: list[HostCall] = []
    case.drive.kept = kept
    case.drive.play(script)
    return kept


def _scripted(script: Script, before: bytes, after: bytes, host: SuppliedHost | None) -> _Case:
    """Two modules, made ready for a script. Raises ``ConfigError`` if it does not fit them."""
    case = _Case(before, after, script.contract, Limits(fuel=script.fuel), script.stack_pointer, None, host)
    unfit = case.invalid or next(iter(case.plan.problems), None)
    if unfit:
        raise ConfigError(f"the script does not fit these modules: {unfit}")
    old, new = len(case.old.module.funcs), len(case.new.module.funcs)
    for call in script.calls:
        known = call.by_value is None or call.by_value in case.exports
        if not (0 <= call.old < old and 0 <= call.new < new and known and _arguments_fit(case, call)):
            raise ConfigError(f"the script does not fit these modules: {call}")
    case.structure = Comparison(case.old, case.new, case.plan, case.imports).run()
    case.prepare(())
    return case


def _arguments_fit(case: _Case, call: Call) -> bool:
    params = list(case.old.func_type(call.old).params)
    if call.by_value is not None:
        del params[case.exports[call.by_value].pointer]
    return [kind_of(each) for each in params] == [arg.kind for arg in call.args]


class _Case:
    """Two modules and a contract, and what has been found out about them."""

    def __init__(
        self, before: bytes, after: bytes, contract: Contract | None, limits: Limits, stack_pointer: int | None,
        interface: Interface | None, host: SuppliedHost | None, outside: str | None = None,
    ) -> None:  # fmt: skip
        self.outside = outside
        self.host = as_declared(host, interface)
        self.contract = contract
        self.limits = limits
        self.evidence = Evidence()
        self.structure = Structure()
        self.stand_ins: dict[Pair, Direct] = {}
        store: TypeStore = {}
        self.old = View(before, store)
        self.invalid = ""
        try:
            self.new = View(after, store)
        except (MalformedError, InvalidError) as error:
            self.invalid = str(error)
            return
        self.plan: Plan = plan(contract, self.old.counts(), self.new.counts())
        self.plan.problems += contradictions(self.plan, interface, self.old)
        self.exports: dict[str, ByValue] = {}
        self.imports: dict[int, ByValue] = {}
        if not self.plan.problems:
            self.exports, self.imports = resolve(self.plan, self.old, self.new)
        if not self.plan.problems:
            self.evidence.host = check(host, self.old, self.imports)
        self.pointer = self._stack_pointer(stack_pointer)

    def _stack_pointer(self, given: int | None) -> StackPointer | None:
        """The input's stack pointer: as given to the judge, else as it finds itself. The contract may only agree."""
        if given is not None:
            if not is_possible(self.old, given):
                raise ConfigError(f"global {given} cannot be the stack pointer: it is no mutable integer")
            return StackPointer(given, "given")
        found, claimed = find(self.old), self.plan.stack_pointer
        if claimed is None or (found is not None and found.index == claimed):
            return found
        if not is_possible(self.old, claimed) or (found is not None and found.certain):
            seen = "none" if found is None else f"global {found.index} ({found.evidence})"
            self.plan.problems.append(f"claims that global {claimed} is the stack pointer; the input shows {seen}")
            return found
        self.evidence.notes.append(f"that global {claimed} is the stack pointer is the contract's word only")
        return StackPointer(claimed, "the contract", certain=False)

    # --- the way to a verdict ---------------------------------------------------------------------------------------

    def verdict(self, seed: str) -> Verdict:
        if self.invalid:
            return self._differs("output", self.invalid)
        if self.plan.problems:
            return self._differs("contract", self.plan.problems[0])
        comparison = Comparison(self.old, self.new, self.plan, self.imports)
        self.structure = comparison.run()
        compare_customs(self.old, self.new, self.plan, self.structure)
        if self.contract is None:
            # Nobody said that anything was to change.
            self.structure.unexplained += self.structure.changed + self.structure.added + self.structure.removed
        if self.structure.unexplained:
            return self._differs("structure", self.structure.unexplained[0])
        self.structure.doubts += lost(self.old, self.new, self.plan, self.structure)
        self.stand_ins = stand_ins(self.old, self.new, self.plan, comparison.code)
        return self._behaviour(seed)

    def _differs(self, where: str, why: str) -> Verdict:
        return Different(self.structure, self.evidence, Difference(where, "", why))

    def script(self, seed: str) -> Script:
        """The script that makes no calls, with constants of the code in question and plausible addresses."""
        found = self.structure
        interesting = [*found.new_funcs, *(change.new for change in found.bodies)][:200]
        codes = [self.new.code(index) for index in interesting]
        codes += [self.old.code(change.old) for change in found.bodies[:200]]
        for was, now in list(self.stand_ins)[:200]:
            codes += [self.old.code(was), self.new.code(now)]
        pointer = None if self.pointer is None else self.pointer.index
        initial = None if pointer is None else initial_value(self.old, pointer)
        return Script(
            seed, (), False, self.limits.fuel, pointer, self.contract, constants(codes), places(self.old, initial)
        )

    def prepare(self, cover: Iterable[int]) -> None:
        """Make the drive."""
        self.drive = Drive(
            self.old,
            self.new,
            self.plan,
            exports=self.exports,
            imports=self.imports,
            stack_pointer=self.pointer,
            cover=sorted(cover),
            memory_bytes=self.limits.memory_bytes,
            depth=self.limits.depth,
            host=self.host,
            direct=self.stand_ins,
        )
        self.drive.old_code_kept = not self.structure.bodies

    def _behaviour(self, seed: str) -> Verdict:
        evidence = self.evidence
        if self.pointer is not None:
            evidence.stack_pointer = f"global {self.pointer.index}: {self.pointer.evidence}"
        evidence.excused = [f"function {index} ({reason})" for index, reason in self.plan.excused.items()]
        return self._run(seed)

    def _run(self, seed: str) -> Verdict:
        found, evidence = self.structure, self.evidence
        waived = [new for index in self.plan.excused if (new := self.plan.funcs.new(index)) is not None]
        evidence.exempt = len({change.new for change in found.bodies}.intersection(waived))
        needed = required(self.new, self.new.program.context, found, waived)
        self.prepare(needed)
        chosen = subjects(self.old, self.new, self.plan, self.exports, self.imports, found)
        evidence.notes += chosen.notes
        evidence.callable = len(chosen.found)
        inquiry = Inquiry(self.drive, self.script(seed), chosen.found, needed, evidence)
        alone = independent(self.new, found, [subject.new for subject in chosen.found])
        inquiry.examine(self.exports)
        urgent = sum(subject.urgent for subject in chosen.found)
        limits = replace(self.limits, calls=max(self.limits.calls, PER_SUBJECT * urgent))
        if found.identical and not self.plan.calls and not self.plan.excused:
            # The same code does the same: a sample shows that both sides run at all.
            limits = replace(limits, calls=min(limits.calls, SAMPLE), total_fuel=limits.total_fuel // 4)
        witness = inquiry.compare(limits, frozenset(needed).difference(alone)) or inquiry.probe(self.exports)
        if witness is not None:
            return Different(found, evidence, witness.difference, witness.script)
        inquiry.run_alone(alone)
        if self.outside is not None:
            asked = ask(self.drive, inquiry.played, inquiry.unsupported)
            evidence.outside = asked
            if asked.difference is not None:
                return Different(found, evidence, asked.difference, asked.script)
            inquiry.progress.add(asked.progress)
            inquiry.open_questions += asked.reasons
            if not evidence.calls:
                inquiry.open_questions += unseen(found.changed)
        evidence.coverage = measure(self.new, needed, inquiry.progress.covered)
        measure_stand_ins(self.old, self.new, self.stand_ins, inquiry.progress.direct, evidence.coverage)
        why = [
            *self._nothing(),
            *found.doubts,
            *self._below_a_candidate(inquiry.doubtful),
            *inquiry.open_questions,
            *inquiry.never_compared(),
            *self._needless(inquiry.progress.needed_excuses),
        ]
        why += [f"never executed: {missed}" for missed in evidence.coverage.missed]
        if not why:
            return Same(found, evidence)
        return Inconclusive(found, evidence, (*why, *self._would_help(inquiry)))

    def _nothing(self) -> list[str]:
        """That no call was compared: what the same code does then is not known either."""
        evidence = self.evidence
        outside = evidence.outside
        if evidence.calls or evidence.ended or (outside is not None and outside.alone):
            return []
        if evidence.callable:
            return ["nothing was compared: no call came to an end on both sides"]
        return ["nothing was compared: instantiation did not come to an end"] if evidence.skipped else []

    def _would_help(self, inquiry: Inquiry) -> list[str]:
        """Options that may settle what is open; none where none does."""
        options = []
        if inquiry.unsupported and self.outside is None:
            options.append("--cross-check wasmtime executes what is not executed here")
        if self.evidence.coverage.missed or inquiry.never_compared():
            host = "" if self.host is not None or not self.old.module.imports else ", or --host with one of your own"
            options.append(f"more --calls or another --seed may get further{host}")
        return options

    def _below_a_candidate(self, count: int) -> list[str]:
        """What is no difference if a global is the stack pointer that only may be it."""
        if not count or self.pointer is None:
            return []
        index = self.pointer.index
        where = f"memory differs below global {index}, which may be the stack pointer ({self.pointer.evidence})"
        return [f"{where}: if it is, --stack-pointer {index} says so"]

    def _needless(self, needed: Collection[int]) -> list[str]:
        """Excuses nobody needed: they would hide what happens to lie behind them."""
        return [
            f"function {index} is said to be changed on purpose, but no call showed that it is"
            for index in self.plan.excused
            if index not in needed
        ]
