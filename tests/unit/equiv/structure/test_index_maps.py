import pytest

from wasmrewrite.contract import (
    Added,
    Contract,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv.structure.index_maps import SPACES, Plan, plan
from wasmrewrite.isa.immediates import Space

PAIR = parse_type("(i64, i64)")


def made(contract: Contract | None, old: int = 10, new: int = 12) -> Plan:
    return plan(contract, dict.fromkeys(SPACES.values(), old), dict.fromkeys(SPACES.values(), new))


def mapped(*runs: Run) -> Plan:
    return made(Contract(maps=(IndexMap("function", runs),)))


def test_without_a_map_everything_keeps_its_index() -> None:
    funcs = made(None).funcs
    assert [funcs.new(index) for index in (0, 9, 10)] == [0, 9, None]
    assert funcs.identity
    assert not funcs.declared
    assert not funcs.mentions_change(10)


def test_runs_move_items_and_leave_gaps() -> None:
    funcs = mapped(Run(0, 1, 3), Run(5, 4, 5)).funcs
    assert [funcs.new(index) for index in range(10)] == [1, 2, 3, None, None, 4, 5, 6, 7, 8]
    assert list(funcs.images(12)) == [0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    assert funcs.mentions_change(10)


def test_mentions_follow_redirections_and_items_do_not() -> None:
    funcs = made(Contract(redirected=(Redirected("function", 3, 11),))).funcs
    assert (funcs.use(3), funcs.new(3), funcs.use(4)) == (11, 3, 4)
    assert funcs.mentions_change(10)


def test_claims_are_sorted_by_what_they_speak_of() -> None:
    found = made(
        Contract(
            claims=(
                ReturnsByValue("export", "a", PAIR, new_name="b"),
                Renamed("export", "c", "d"),
                Renamed("import", "f", "g", module="env"),
                Removed("export", "e"),
                Added("export", "h", same_as="c"),
            )
        )
    )
    assert found.problems == []
    assert [found.new_export(name) for name in "ace"] == ["b", "d", None]
    assert found.new_import(("env", "f")) == ("env", "g")
    assert found.added_exports == {"h": "c"}


@pytest.mark.parametrize(
    "contract",
    [
        Contract(maps=(IndexMap("functions"),)),
        Contract(maps=(IndexMap("function"), IndexMap("function"))),
        Contract(maps=(IndexMap("function", (Run(0, 0, 13),)),)),
        Contract(maps=(IndexMap("function", (Run(0, 0, 5), Run(4, 6, 2))),)),
        Contract(maps=(IndexMap("function", (Run(5, 0, 2), Run(0, 6, 2))),)),
        Contract(maps=(IndexMap("function", (Run(0, 0, 5), Run(5, 4, 2))),)),
        Contract(maps=(IndexMap("function", (Run(-1, 0, 2),)),)),
        Contract(redirected=(Redirected("function", 3, 12),)),
        Contract(redirected=(Redirected("function", 3, 1), Redirected("function", 3, 2))),
        Contract(redirected=(Redirected("local", 0, 0),)),
        Contract(claims=(InstantiationCalls(10),)),
        Contract(claims=(ReturnsByValue("import", "a", PAIR, module="m"),)),
        Contract(claims=(ReturnsByValue("export", "a", PAIR), ReturnsByValue("export", "a", PAIR))),
        Contract(claims=(InstantiationNoLongerCalls(1), InstantiationNoLongerCalls(2))),
        Contract(claims=(Renamed("export", "a", "b"), Renamed("export", "a", "c"))),
        Contract(claims=(Removed("import", "a"),)),
        Contract(claims=(Added("import", "a"),)),
    ],
    ids=str,
)
def test_nonsense_is_a_problem(contract: Contract) -> None:
    assert made(contract).problems


def test_every_space_has_a_map() -> None:
    assert set(made(None).maps) == set(SPACES.values()) >= {Space.FUNC, Space.TYPE, Space.DATA}
