"""Folders that a program gets a copy of, and what is written back."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from wasmrewrite.cli.folders import Shared, SharedFolder, copy_in, copy_out
from wasmrewrite.runtime.wasi import Directory, File, Tree


@pytest.fixture
def tree() -> Tree:
    return Tree(1000, 20, lambda: 0)


def made(tree: Tree, host: Path) -> Directory:
    folder = tree.root()
    copy_in(tree, folder, str(host))
    return folder


def test_a_pair_is_read_from_its_end() -> None:
    assert SharedFolder().convert("a::b::/c", None, None) == Shared("a::b", "/c")
    assert SharedFolder().convert("a:b", None, None) == Shared("a:b", "a:b")
    for wrong in ("", "::a", "a::"):
        with pytest.raises(click.BadParameter, match="HOST::GUEST"):
            SharedFolder().convert(wrong, None, None)


def test_everything_is_copied_and_nothing_followed(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    host = tmp_path / "host"
    (host / "inner").mkdir(parents=True)
    (host / "inner" / "file").write_bytes(b"text")
    (host / "link").symlink_to(tmp_path / "secret")
    folder = made(tree, host)
    inner, link = folder.get("inner"), folder.get("link")
    assert isinstance(inner, Directory)
    file = inner.get("file")
    assert isinstance(file, File)
    assert (bytes(file.data), getattr(link, "target", None)) == (b"text", str(tmp_path / "secret"))


def test_too_much_is_refused(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(1001))
    with pytest.raises(click.UsageError, match="more than a program is given"):
        made(tree, tmp_path)
    (tmp_path / "big").unlink()
    for number in range(21):
        (tmp_path / str(number)).touch()
    with pytest.raises(click.UsageError, match="more than a program is given"):
        made(tree, tmp_path)


def test_odd_things_are_refused(tree: Tree, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(click.UsageError, match="neither a file nor a folder nor a link"):
        made(tree, tmp_path)
    (tmp_path / "pipe").unlink()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).touch()
    with pytest.raises(click.UsageError, match="no name in UTF-8"):
        made(tree, tmp_path)


def test_what_is_new_or_differs_is_written_back(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"same")
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "gone").write_bytes(b"gone")
    (tmp_path / "link").symlink_to("same")
    folder = made(tree, tmp_path)
    os.utime(tmp_path / "same", ns=(1, 1))
    old = folder.get("old")
    assert isinstance(old, File)
    tree.write(old, 0, b"new")
    tree.remove(folder, "gone")
    tree.make_file(tree.make_directory(folder, "made"), "deep", b"deep")
    tree.make_symlink(folder, "other", "same")
    notes = copy_out(folder, str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"same", "old", "gone", "link", "made"}
    assert (tmp_path / "old").read_bytes() == b"new"
    assert (tmp_path / "made" / "deep").read_bytes() == b"deep"
    assert (tmp_path / "same").stat().st_mtime_ns == 1
    assert len(notes) == 1
    assert "other" in notes[0]


def test_nothing_is_written_through_links(tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"precious")
    host = tmp_path / "host"
    host.mkdir()
    (host / "folder").symlink_to(outside)
    (host / "file").symlink_to(outside / "file")
    folder = tree.root()
    tree.make_file(tree.make_directory(folder, "folder"), "file", b"bad")
    with pytest.raises(click.UsageError, match="is a link"):
        copy_out(folder, str(host))
    tree.remove(folder, "folder")
    tree.make_file(folder, "file", b"bad")
    with pytest.raises(click.UsageError, match="is a link"):
        copy_out(folder, str(host))
    assert (outside / "file").read_bytes() == b"precious"


def test_kinds_have_to_agree(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    folder = tree.root()
    tree.make_file(folder, "x")
    with pytest.raises(click.UsageError, match="is no file"):
        copy_out(folder, str(tmp_path))
    (tmp_path / "x").rmdir()
    (tmp_path / "x").touch()
    tree.remove(folder, "x")
    tree.make_directory(folder, "x")
    with pytest.raises(FileExistsError):
        copy_out(folder, str(tmp_path))
