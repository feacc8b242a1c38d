from __future__ import annotations

import pytest

from wasmrewrite.codec.custom.policy import POLICY, Action, Change, Decision, Happened, decide, rule_of

KEEP, REMAP, DROP, REFUSE = Action


def did(*changes: Change) -> Happened:
    return Happened(frozenset(changes))


@pytest.mark.parametrize(
    ("name", "change", "action"),
    [
        ("name", Change.INDICES, REMAP),
        ("name", Change.CODE_MOVED, KEEP),
        ("producers", Change.CODE_CHANGED, KEEP),
        ("target_features", Change.FEATURES, REMAP),
        ("linking", Change.INDICES, REFUSE),
        ("linking", Change.CODE_MOVED, REFUSE),
        ("reloc.CODE", Change.FILE_MOVED, REFUSE),
        ("dylink.0", Change.DATA_MOVED, REFUSE),
        ("dylink.0", Change.CODE_MOVED, KEEP),
        (".debug_info", Change.CODE_MOVED, DROP),
        (".debug_line", Change.GLOBALS, DROP),
        (".debug_line", Change.INDICES, KEEP),
        (".debug_str", Change.CODE_CHANGED, KEEP),
        ("sourceMappingURL", Change.FILE_MOVED, DROP),
        ("sourceMappingURL", Change.CODE_CHANGED, KEEP),
        ("sourceMappingURL", Change.SECTIONS, KEEP),
        ("external_debug_info", Change.CODE_MOVED, DROP),
        ("external_debug_info", Change.GLOBALS, DROP),
        ("external_debug_info", Change.CODE_CHANGED, KEEP),
        ("build_id", Change.FILE_MOVED, DROP),
        ("build_id", Change.SECTIONS, KEEP),
        ("linking", Change.SECTIONS, REFUSE),
        ("reloc.CODE", Change.SECTIONS, REFUSE),
        ("dylink", Change.DATA_MOVED, REFUSE),
        ("build_id", Change.CODE_CHANGED, DROP),
        ("build_id", Change.NAMES, KEEP),
        ("metadata.code.branch_hint", Change.CODE_CHANGED, REMAP),
        ("metadata.code.trace_inst", Change.CODE_CHANGED, DROP),
        ("metadata.code.trace_inst", Change.CODE_MOVED, KEEP),
        ("component-type:wit-bindgen:0.1", Change.NAMES, KEEP),
        ("contractspecv0", Change.NAMES, KEEP),
        ("coremodules", Change.INDICES, KEEP),
        ("anything else", Change.INDICES, KEEP),
    ],
)
def test_decisions(name: str, change: Change, action: Action) -> None:
    assert decide(name, did(change)).action is action


def test_the_strictest_decision_holds() -> None:
    decision = decide(".debug_info", did(Change.CODE_CHANGED, Change.CODE_MOVED, Change.NAMES))
    assert decision.action is Action.DROP
    assert "moved" in decision.reason


def test_no_change_touches_nothing() -> None:
    for rule in POLICY:
        assert decide(rule.pattern, did()) == Decision(Action.KEEP)


def test_what_is_dropped_or_refused_is_explained() -> None:
    for rule in POLICY:
        for change in rule.decisions:
            decision = rule.decisions[change]
            assert decision.reason or decision.action < Action.DROP


def test_sections_kept_at_a_risk_are_reported() -> None:
    assert decide("contractspecv0", did(Change.NAMES)).reason
    assert decide("anything else", did(Change.CODE_CHANGED)).reason
    assert not decide("producers", did(*Change)).reason


def test_every_name_has_a_rule_and_every_rule_is_reachable() -> None:
    for rule in POLICY:
        assert rule_of(rule.pattern) is rule
    assert rule_of("").pattern == "*"
    assert rule_of("NAME").pattern == "*"
