from __future__ import annotations

import pytest

from wasmrewrite.runtime.wasi import Refused
from wasmrewrite.runtime.wasi.abi import FD_READ
from wasmrewrite.runtime.wasi.descriptors import Descriptors, OpenDirectory, OpenFile
from wasmrewrite.runtime.wasi.files import Tree


def test_the_lowest_free_number_is_given_and_there_are_only_so_many() -> None:
    tree = Tree(100, 100, lambda: 0)
    open_ = Descriptors(b"", bytes, bytes, 6)
    assert [open_.add(OpenDirectory(tree.root())) for _ in range(3)] == [3, 4, 5]
    file = tree.make_file(tree.root(), "f")
    with pytest.raises(Refused, match="MFILE"):
        open_.add(OpenFile(tree, file, FD_READ, 0))
    assert file.opened == 0
    open_.close(4)
    assert open_.add(OpenFile(tree, file, FD_READ, 0)) == 4
    assert file.opened == 1
    open_.renumber(5, 4)
    assert file.opened == 0
    with pytest.raises(Refused, match="BADF"):
        open_.get(5)


def test_standard_streams_can_be_closed() -> None:
    open_ = Descriptors(b"in", bytes, bytes, 6)
    assert open_.get(0).read(9) == b"in"
    open_.close(0)
    with pytest.raises(Refused, match="BADF"):
        open_.get(0)
