"""WR503: a feature that the policy forbids, declared or used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from ...errors import Position
from ...features import Feature
from ...isa.table import ROWS
from ...kernels.scan import find_ops
from ...model import Body, Func
from ..features import outside_code
from ..finding import Finding, Severity
from ..rule import Example, Rule

TOOL_NAMES: Final = {
    "sign-ext": Feature.SIGN_EXTENSION,
    "nontrapping-fptoint": Feature.SATURATING,
    "bulk-memory-opt": Feature.BULK_MEMORY,
    "simd128": Feature.SIMD,
    "atomics": Feature.THREADS,
    "multivalue": Feature.MULTI_VALUE,
    "multimemory": Feature.MULTI_MEMORY,
    "exception-handling": Feature.EXCEPTIONS,
    "shared-mem": Feature.THREADS,
    "call-indirect-overlong": Feature.REFERENCE_TYPES,
}
"""What compilers call a feature → what the specification's proposal is called."""


class FeaturePolicy(Rule):
    """A feature is on ``deny-features``, or not on ``allow-features``.

    Features are called what their proposals are called (``mvp`` is the first version): ``bulk-memory``, ``simd``,
    ``threads``, ``multi-value``, ``memory64``. Reported are both what the ``target_features`` section *declares* and
    what is *used*, with the function and offset of the first use of each. A compiler upgrade may turn a feature on
    that an optimiser or host refuses; only a used one matters to hosts. Code is read only if there is such a policy.
    """

    code, severity = "WR503", Severity.ERROR
    message = "feature '{name}' is {how}, which the policy {verb}"
    good = (Example("(module (func nop))", config='policy = { allow-features = ["mvp"] }'),)
    bad = (
        Example(
            "(module (func (param i32) (result i32) local.get 0 i32.extend8_s))",
            ("sign-extension",),
            config='policy = { deny-features = ["sign-extension"] }',
        ),
        Example(
            '(module (@custom "target_features" "\\01+\\07atomics"))',
            ("threads",),
            config='policy = { allow-features = ["mvp"] }',
        ),
        Example("(module (memory i64 1))", ("memory64",), config='policy = { deny-features = ["memory64"] }'),
    )

    def whole(self) -> Iterable[Finding]:
        """Look at declarations, then at types, then at code."""
        policy = self.settings.policy
        if not policy.deny_features and policy.allow_features is None:
            return
        custom = self.subject.custom("target_features")
        declared = dict.fromkeys(TOOL_NAMES.get(each, each) for each in self.subject.declared_features)
        for feature in declared if custom is not None else ():
            assert custom is not None  # features come from it
            yield from self._judged(feature, "declared", "declared", self.subject.at_custom(custom))
        seen = set()
        for feature, how, position in self._used():
            if feature not in seen:
                seen.add(feature)
                yield from self._judged(feature, "used", how, position)

    def _verb(self, feature: str) -> str | None:
        policy = self.settings.policy
        if any(fnmatchcase(feature, pattern) for pattern in policy.deny_features):
            return "denies"
        allowed = policy.allow_features
        return None if allowed is None or any(fnmatchcase(feature, each) for each in allowed) else "does not allow"

    def _judged(self, feature: str, detail: str, how: str, position: Position) -> Iterable[Finding]:
        verb = self._verb(feature)
        if verb is not None:
            yield self.found(position, feature, detail=detail, how=how, verb=verb)

    def _used(self) -> Iterator[tuple[str, str, Position]]:
        """Feature, how it is used, and where: outside code, then in code."""
        yield from outside_code(self.subject)
        yield from self._in_code(self.subject.module.funcs)

    def _in_code(self, funcs: Iterable[Func]) -> Iterator[tuple[str, str, Position]]:
        """First uses of instructions of forbidden features."""
        wanted = {op.feature for op in ROWS if self._verb(op.feature)}
        names = frozenset(op.name for op in ROWS if op.feature in wanted)
        for func in funcs:
            if not wanted:
                return
            if not isinstance(func.origin, Body) or func.origin.expr.span is None:
                continue
            for offset, op in find_ops(self.subject.data, *func.origin.expr.span, names):
                if op.feature in wanted:
                    wanted.discard(op.feature)
                    names = frozenset(each.name for each in ROWS if each.feature in wanted)
                    path = ("code section", f"func[{func.index0}]")
                    yield op.feature, f"used by {op.name}", Position(offset, path)
