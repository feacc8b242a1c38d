from __future__ import annotations

import pytest

from tests.unit.runtime.wasi.conftest import LIMITS
from wasmrewrite.runtime.wasi import Refused, Wasi


def test_what_cannot_be_told_to_a_program() -> None:
    with pytest.raises(ValueError, match="null"):
        Wasi(["a\0b"])
    for name in ("", "a=b"):
        with pytest.raises(ValueError, match="cannot name"):
            Wasi([], {name: "x"})


def test_undecodable_arguments_pass_through() -> None:
    assert Wasi(["\udcff\u00e4"]).args == [b"\xff\xc3\xa4"]


def test_output_is_collected_up_to_a_limit() -> None:
    wasi = Wasi(limits=LIMITS)
    wasi.descriptors.get(1).write(bytes(60))
    with pytest.raises(Refused, match="NOSPC"):
        wasi.descriptors.get(2).write(bytes(41))
    wasi.descriptors.get(2).write(bytes(40))
    assert (len(wasi.output), len(wasi.errors)) == (60, 40)


def test_output_goes_where_it_is_sent() -> None:
    got: list[bytes] = []
    wasi = Wasi(stdout=got.append, limits=LIMITS)
    wasi.descriptors.get(1).write(bytes(1000))
    assert (got, bytes(wasi.output)) == ([bytes(1000)], b"")


def test_a_program_can_have_only_so_many_folders() -> None:
    wasi = Wasi(limits=LIMITS)
    for number in range(LIMITS.descriptors - 3):
        wasi.folder(f"/{number}")
    with pytest.raises(Refused, match="MFILE"):
        wasi.folder("/more")
