from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.binary import leb, vector
from wasmrewrite.codec.code import read_locals, write_locals
from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.types import F32, F64, FUNCREF, I32, I64, V128, ValType

TYPES: dict[bytes, ValType] = {b"\x7f": I32, b"\x7e": I64, b"\x7d": F32, b"\x7c": F64, b"\x7b": V128, b"\x70": FUNCREF}


@given(
    st.lists(st.tuples(st.integers(0, 2**27), st.integers(1, 5), st.sampled_from(sorted(TYPES))), max_size=20),
    st.integers(1, 5),
)
def test_locals_come_back_as_runs(runs: list[tuple[int, int, bytes]], width: int) -> None:
    data = vector(*(leb(count, padding) + code for count, padding, code in runs), width=width)
    found, after = read_locals(b"-" + data + b"-", 1, len(data) + 1)
    assert found == [(count, TYPES[code]) for count, _, code in runs]
    assert after == len(data) + 1
    assert write_locals(found) == data


def test_as_many_locals_as_there_may_be() -> None:
    data = vector(leb(2**32 - 1) + b"\x7f", leb(0) + b"\x7f")
    assert read_locals(data, 0, len(data))[0] == [(2**32 - 1, I32), (0, I32)]


def test_too_many_locals() -> None:
    data = vector(leb(2**32 - 1) + b"\x7f", b"\x01\x7f")
    with pytest.raises(MalformedError) as caught:
        read_locals(data, 0, len(data))
    assert (caught.value.message, caught.value.position.offset) == ("too many locals", 7)


def test_an_absurd_number_of_runs_allocates_nothing() -> None:
    with pytest.raises(MalformedError, match="length out of bounds"):
        read_locals(b"\xff\xff\xff\xff\x0f\x01\x7f", 0, 7)
