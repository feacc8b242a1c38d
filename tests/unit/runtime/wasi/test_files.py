from __future__ import annotations

import pytest

from wasmrewrite.runtime.wasi import Refused
from wasmrewrite.runtime.wasi.abi import Errno
from wasmrewrite.runtime.wasi.files import Directory, File, Tree, resolve


@pytest.fixture
def tree() -> Tree:
    return Tree(1000, 10, lambda: 5)


def free(_instructions: int) -> None:
    """Nothing costs anything."""


def refusal(tree: Tree, base: Directory, path: str, follow: bool = True) -> Errno:
    with pytest.raises(Refused) as caught:
        resolve(base, path, follow, free)
    return caught.value.errno


def test_paths_stay_below_where_they_start(tree: Tree) -> None:
    root = tree.root()
    inner = tree.make_directory(root, "inner")
    tree.make_file(root, "secret")
    assert resolve(root, "inner/../secret", True, free).node is root.get("secret")
    assert refusal(tree, inner, "../secret") is Errno.PERM
    assert refusal(tree, inner, "/secret") is Errno.PERM
    tree.make_symlink(inner, "up", "../secret")
    tree.make_symlink(inner, "out", "/secret")
    assert refusal(tree, inner, "up") is Errno.PERM
    assert refusal(tree, inner, "out") is Errno.PERM
    assert resolve(root, "inner/up", True, free).node is root.get("secret")
    assert resolve(inner, "up", False, free).node is inner.get("up")


def test_links_are_followed_a_limited_number_of_times(tree: Tree) -> None:
    root = tree.root()
    tree.make_symlink(root, "a", "b")
    tree.make_symlink(root, "b", "a/b/a")
    assert refusal(tree, root, "a") is Errno.LOOP
    tree.make_symlink(root, "wide", "./" * 1000 + "wide/wide")
    assert refusal(tree, root, "wide") is Errno.LOOP


def test_names_have_a_length(tree: Tree) -> None:
    root = tree.root()
    assert resolve(root, "x" * 255, True, free).node is None
    assert refusal(tree, root, "\u00e4" * 128) is Errno.NAMETOOLONG


def test_a_slash_at_the_end_asks_for_a_directory(tree: Tree) -> None:
    root = tree.root()
    tree.make_file(root, "file")
    tree.make_directory(root, "folder")
    tree.make_symlink(root, "link", "folder")
    assert refusal(tree, root, "file/") is Errno.NOTDIR
    assert resolve(root, "folder//", False, free).node is root.get("folder")
    assert resolve(root, "link/", False, free).node is root.get("folder")
    assert resolve(root, "new/", False, free).slashed


def test_bytes_are_counted_and_come_back(tree: Tree) -> None:
    root = tree.root()
    file = tree.make_file(root, "file", bytes(600))
    assert tree.bytes_left == 400
    with pytest.raises(Refused, match="NOSPC"):
        tree.write(file, 600, bytes(401))
    with pytest.raises(Refused, match="NOSPC"):
        tree.resize(file, 1 << 60)
    assert file.size == 600
    tree.link(root, "other", file)
    tree.remove(root, "file")
    assert tree.bytes_left == 400
    file.opened += 1
    tree.remove(root, "other")
    assert tree.bytes_left == 400
    file.opened -= 1
    tree.release(file)
    assert tree.bytes_left == 1000


def test_entries_are_counted_and_come_back(tree: Tree) -> None:
    root = tree.root()
    for number in range(10):
        tree.make_file(root, str(number))
    with pytest.raises(Refused, match="NOSPC"):
        tree.make_directory(root, "more")
    tree.remove(root, "3")
    tree.make_symlink(root, "more", "x")
    assert tree.entries_left == 0


def test_numbers_of_entries_survive_removals(tree: Tree) -> None:
    root = tree.root()
    for name in "abc":
        tree.make_file(root, name)
    before = {name: number for number, name, _ in root.listing()}
    tree.remove(root, "a")
    tree.make_file(root, "a")
    after = {name: number for number, name, _ in root.listing()}
    assert [after["b"], after["c"]] == [before["b"], before["c"]]
    assert after["a"] > before["c"]
    assert [after["."], after[".."]] == [1, 2]


def test_a_directory_cannot_move_into_itself(tree: Tree) -> None:
    root = tree.root()
    tree.make_directory(tree.make_directory(root, "a"), "b")
    with pytest.raises(Refused, match="INVAL"):
        tree.move(resolve(root, "a", False, free), resolve(root, "a/b/c", False, free), free)


def test_nothing_can_be_made_in_a_removed_directory(tree: Tree) -> None:
    root = tree.root()
    gone = tree.make_directory(root, "gone")
    tree.make_file(root, "file")
    tree.remove(root, "gone")
    with pytest.raises(Refused, match="NOENT"):
        resolve(gone, "file", False, free).vacant()
    with pytest.raises(Refused, match="NOENT"):
        tree.move(resolve(root, "file", False, free), resolve(gone, "file", False, free), free)
    assert isinstance(root.get("file"), File)
