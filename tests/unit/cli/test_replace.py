from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from wasmrewrite.cli.replace import replace_files

needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_honours_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        replace_files([(str(tmp_path / "new"), b"contents")])
    finally:
        os.umask(old)
    assert (tmp_path / "new").read_bytes() == b"contents"
    assert mode(tmp_path / "new") == 0o640


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "old"
    target.write_bytes(b"before")
    target.chmod(0o751)
    replace_files([(str(target), b"after")])
    assert target.read_bytes() == b"after"
    assert mode(target) == 0o751


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.write_bytes(b"before")
    link.symlink_to(target)
    replace_files([(str(link), b"after")])
    assert link.is_symlink()
    assert target.read_bytes() == b"after"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "link", "target"]


def test_a_dangling_link_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    replace_files([(str(link), b"contents")])
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"contents"


def test_all_or_nothing(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.write_bytes(b"before")
    with pytest.raises(FileNotFoundError) as caught:
        replace_files([(str(first), b"after"), (str(tmp_path / "missing" / "second"), b"after")])
    assert caught.value.filename == str(tmp_path / "missing" / "second")
    assert first.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        replace_files([(str(tmp_path), b"contents")])


@needs_permissions
def test_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before")
    target.chmod(0o444)
    with pytest.raises(PermissionError):
        replace_files([(str(target), b"after")])
    assert target.read_bytes() == b"before"


def test_a_failed_replacement_leaves_no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before")

    def refuse(source: str, destination: str) -> None:
        raise OSError(5, "Input/output error", source)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        replace_files([(str(target), b"after")])
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_a_pipe_is_written_in_place_and_last(tmp_path: Path) -> None:
    pipe, plain = tmp_path / "pipe", tmp_path / "plain"
    os.mkfifo(pipe)
    seen: list[tuple[bytes, bool]] = []
    reader = threading.Thread(target=lambda: seen.append((pipe.read_bytes(), plain.exists())))
    reader.start()
    replace_files([(str(pipe), b"through"), (str(plain), b"plain")])
    reader.join()
    assert seen == [(b"through", True)]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_no_file_to_replace() -> None:
    replace_files([("/dev/null", b"gone")])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
