from __future__ import annotations

from wasmrewrite.fuzz import ByteChoices, Choices, RandomChoices, ReplayedChoices


def answers(choices: Choices) -> list[int]:
    return [choices.below(each) for each in (1, 2, 300, 5, 1 << 64)]


def test_the_same_seed_gives_the_same_choices() -> None:
    first, second = RandomChoices("7/1"), RandomChoices("7/1")
    assert answers(first) == answers(second)
    assert answers(first) != answers(RandomChoices("7/2"))


def test_nothing_is_asked_where_there_is_one_answer() -> None:
    choices = RandomChoices(0)
    assert choices.below(1) == choices.below(0) == 0
    assert choices.trace == []


def test_what_was_recorded_can_be_replayed() -> None:
    choices = RandomChoices(1)
    found = answers(choices)
    assert answers(ReplayedChoices(choices.trace)) == found


def test_what_is_replayed_is_cut_to_size_and_plain_at_the_end() -> None:
    choices = ReplayedChoices([9])
    assert [choices.below(4), choices.below(4)] == [3, 0]


def test_bytes_are_used_as_far_as_they_go() -> None:
    assert answers(ByteChoices(bytes((1, 0x2B, 1, 4)))) == [0, 1, 299, 4, 0]
