"""``every`` itself: a row that fails fails the test, with its name, and an empty table is refused."""

from __future__ import annotations

import pytest

from tests.helpers.every import MOST, every


def test_every_row_is_run_and_each_failure_listed() -> None:
    seen = []

    @every("row", range(5))
    def test(row: int) -> None:
        seen.append(row)
        assert row % 2 == 0

    with pytest.raises(pytest.fail.Exception, match=r"(?s)2 of 5 rows fail.*1: AssertionError.*3: AssertionError"):
        test()
    assert seen == list(range(5))


def test_rows_may_have_several_values_and_fixtures_pass_through() -> None:
    found = []

    @every(("left", "right"), [(1, 2), (3, 4)])
    def test(left: int, right: int, tmp: str) -> None:
        found.append((left, right, tmp))

    test(tmp="here")
    assert found == [(1, 2, "here"), (3, 4, "here")]


def test_a_long_list_is_cut_short() -> None:
    @every("row", range(MOST + 5))
    def test(row: int) -> None:
        raise ValueError("always")

    with pytest.raises(pytest.fail.Exception) as raised:
        test()
    assert str(raised.value).count("ValueError") == MOST


def test_no_rows_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rows for row"):
        every("row", [])
