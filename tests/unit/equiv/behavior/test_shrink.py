from wasmrewrite.equiv.behavior.script import Call, Script
from wasmrewrite.equiv.behavior.shrink import ATTEMPTS, shrink
from wasmrewrite.equiv.behavior.values import Value


def script(*numbers: int) -> Script:
    return Script("s", tuple(Call("f", 0, 0, (Value("i32", number),)) for number in numbers), fill=True)


def numbers(script: Script) -> list[int]:
    return [call.args[0].bits or 0 for call in script.calls]


def test_drops_calls_that_are_not_needed() -> None:
    def play(candidate: Script) -> str | None:
        found = numbers(candidate)
        return "seen" if 7 in found[:-1] and found[-1] == 9 else None

    smallest, witness = shrink(script(1, 2, 3, 7, 4, 5, 6, 9), "first", play)
    assert numbers(smallest) == [7, 9]
    assert not smallest.fill
    assert witness == "seen"


def test_simplifies_arguments() -> None:
    smallest, _ = shrink(script(1000, 2000), 0, lambda candidate: 1 if numbers(candidate)[-1] else None)
    assert numbers(smallest) == [1]


def test_keeps_what_cannot_be_made_smaller() -> None:
    first = script(5, 6)
    assert shrink(first, "witness", lambda _: None) == (first, "witness")


def test_gives_up_after_so_many_attempts() -> None:
    played: list[Script] = []

    def play(candidate: Script) -> None:
        played.append(candidate)

    shrink(script(*range(2, 200)), 0, play)
    assert len(played) <= ATTEMPTS


def test_halves_what_only_shows_with_large_numbers() -> None:
    smallest, _ = shrink(script(0xFFFF_FFF0), 0, lambda candidate: 1 if numbers(candidate)[-1] >= 1000 else None)
    assert 1000 <= numbers(smallest)[0] < 2000
