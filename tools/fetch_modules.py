"""Fetch the real modules of ``modules.toml`` into the git-ignored folder ``.cache/modules``.

    python tools/fetch_modules.py [NAME...]     all of them, or those named
    python tools/fetch_modules.py --list        what would be fetched, without fetching

Each module is one named member of one npm package at one version. The ordinary client (``npm pack``, install scripts
off) downloads the archive; nothing in it is executed and nothing but the member is read. A hash or size that differs
from ``modules.toml`` is an error, and the file is not written. A module already there with the right hash is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("modules.toml")
TARGET = ROOT / ".cache" / "modules"

MAX_ARCHIVE = 64 << 20
MAX_MEMBER = 64 << 20
CLIENT_TIMEOUT = 300  # seconds, per package


class FetchError(Exception):
    """A package could not be fetched, or what came is not what the list says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One entry of ``modules.toml``; hashes are SHA-256 in hexadecimal, ``size`` is in bytes."""

    name: str
    package: str
    version: str
    what: str
    archive_sha256: str
    member: str
    sha256: str
    size: int

    @property
    def file(self) -> Path:
        """Where the module is kept."""
        return TARGET / f"{self.name}.wasm"


def wanted() -> list[Wanted]:
    """The entries of ``modules.toml``, in its order."""
    return [Wanted(name=name, **fields) for name, fields in tomllib.loads(LIST.read_text("utf-8")).items()]


def is_present(entry: Wanted) -> bool:
    """True if the module is there and is the one the list names."""
    return entry.file.is_file() and hashlib.sha256(entry.file.read_bytes()).hexdigest() == entry.sha256


def download(entry: Wanted, folder: Path) -> Path:
    """Let npm pack the package into ``folder``; return the archive. Raises FetchError."""
    command = ["npm", "pack", "--silent", "--ignore-scripts", f"{entry.package}@{entry.version}"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=CLIENT_TIMEOUT, check=False)
    except FileNotFoundError as error:
        raise FetchError("npm is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"npm did not finish within {CLIENT_TIMEOUT} s") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        raise FetchError(f"npm failed: {done.stderr.strip() or done.stdout.strip()}")
    return archives[0]


def check_archive(entry: Wanted, archive: Path) -> None:
    """Refuse an archive that is not the one the list names. Raises FetchError."""
    if archive.stat().st_size > MAX_ARCHIVE:
        raise FetchError(f"the archive is larger than {MAX_ARCHIVE} bytes")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != entry.archive_sha256:
        raise FetchError(f"the archive has SHA-256 {found}, expected {entry.archive_sha256}")


def extract(entry: Wanted, archive: Path) -> bytes:
    """The bytes of the named member, checked against size and hash. Raises FetchError."""
    if entry.size > MAX_MEMBER:
        raise FetchError(f"the list asks for more than {MAX_MEMBER} bytes")
    with tarfile.open(archive) as packed:
        try:
            member = packed.getmember(f"package/{entry.member}")
        except KeyError as error:
            raise FetchError(f"the package has no {entry.member}") from error
        stream = packed.extractfile(member) if member.isreg() else None
        if stream is None or member.size != entry.size:
            raise FetchError(f"{entry.member} is not a file of {entry.size} bytes")
        data = stream.read(entry.size)
    found = hashlib.sha256(data).hexdigest()
    if found != entry.sha256:
        raise FetchError(f"{entry.member} has SHA-256 {found}, expected {entry.sha256}")
    return data


def fetch(entry: Wanted) -> None:
    """Download, check and write one module. Raises FetchError."""
    with tempfile.TemporaryDirectory() as folder:
        archive = download(entry, Path(folder))
        check_archive(entry, archive)
        data = extract(entry, archive)
    TARGET.mkdir(parents=True, exist_ok=True)
    partial = entry.file.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(entry.file)


def show(entry: Wanted, note: str) -> None:
    """Print one line about a module."""
    print(f"{entry.name:18} {entry.size:>10,}  {entry.package}@{entry.version}  ({entry.what}): {note}", flush=True)


def run(entries: Sequence[Wanted]) -> int:
    """Fetch what is missing; return the number of modules that could not be had."""
    failures = 0
    for entry in entries:
        if is_present(entry):
            show(entry, "present")
            continue
        try:
            fetch(entry)
        except FetchError as error:
            failures += 1
            show(entry, f"FAILED: {error}")
        else:
            show(entry, "fetched")
    return failures


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Fetch real modules into .cache/modules.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="entries of modules.toml (default: all)")
    parser.add_argument("--list", action="store_true", help="list the entries and stop")
    options = parser.parse_args(arguments)
    entries = wanted()
    unknown = set(options.names) - {entry.name for entry in entries}
    if unknown:
        parser.error(f"not in modules.toml: {', '.join(sorted(unknown))}")
    chosen = [entry for entry in entries if not options.names or entry.name in options.names]
    if options.list:
        for entry in chosen:
            show(entry, "present" if is_present(entry) else "absent")
        return 0
    return 1 if run(chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
