"""The tools that touch what others published do no more than the lists say."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tools.fetch_modules import FetchError, Wanted, check_archive, extract, wanted

MODULE = b"\0asm\x01\0\0\0"


def pack(path: Path, member: str, *, link: bool = False) -> None:
    """Write an npm-like archive with one member, a file or a symlink."""
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(f"package/{member}")
        if link:
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
        else:
            info.size = len(MODULE)
            archive.addfile(info, io.BytesIO(MODULE))


def entry(archive: Path) -> Wanted:
    """An entry that the archive of ``pack`` satisfies."""
    return Wanted(
        name="small",
        package="small",
        version="1.0.0",
        what="the empty module",
        archive_sha256=hashlib.sha256(archive.read_bytes()).hexdigest(),
        member="small.wasm",
        sha256=hashlib.sha256(MODULE).hexdigest(),
        size=len(MODULE),
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "small-1.0.0.tgz"
    pack(path, "small.wasm")
    return path


def test_the_named_member_is_extracted(archive: Path) -> None:
    check_archive(entry(archive), archive)
    assert extract(entry(archive), archive) == MODULE


def test_another_archive_is_refused(archive: Path) -> None:
    with pytest.raises(FetchError, match="the archive has SHA-256"):
        check_archive(dataclasses.replace(entry(archive), archive_sha256="00"), archive)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("member", "other.wasm", "the package has no other.wasm"),
        ("size", 9, "small.wasm is not a file of 9 bytes"),
        ("size", 1 << 40, "the list asks for more than"),
        ("sha256", "00", "small.wasm has SHA-256"),
    ],
)
def test_another_member_is_refused(archive: Path, field: str, value: object, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        extract(dataclasses.replace(entry(archive), **{field: value}), archive)  # type: ignore[arg-type]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "small-1.0.0.tgz"
    pack(path, "small.wasm", link=True)
    with pytest.raises(FetchError, match=r"small\.wasm is not a file"):
        extract(entry(path), path)


def test_the_list_is_complete_and_pinned() -> None:
    entries = wanted()
    assert len({item.name for item in entries}) == len({item.package for item in entries}) == len(entries) == 11
    assert all(len(item.sha256) == len(item.archive_sha256) == 64 and item.version[0].isdigit() for item in entries)
