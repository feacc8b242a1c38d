"""WR401: paths of the machine that built the module."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter
from typing import Final

from ...errors import Position
from ..finding import Finding, Fix, Severity
from ..rule import Example, Rule
from ..subject import Subject

_ROOT: Final = re.compile(
    r"(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)[^/\\]+|/root|/builds?|/buildkite|/github|/workspaces?|/usr/local/cargo|/cargo"
    r"|/private/var/folders|/var/folders|/go/pkg/mod"
)
_SOURCE: Final = re.compile(r"\.(?:rs|c|cc|cpp|cxx|h|hpp|go|zig|swift|kt|ts|js|wat|inc)(?![\w/.])|\.rs")
_ADDRESS: Final = re.compile(rb"[a-z][a-z0-9+.-]*://[^\s\0\"'<>]*\Z")
_BEFORE: Final = 80


class AbsolutePath(Rule):
    """Data or names hold paths of the machine that built the module: home folders, cargo registries, CI workspaces.

    They tell users' names and folder layouts, make builds differ from machine to machine, and take space. In Rust they
    come from panic messages and ``file!()``: build with ``--remap-path-prefix`` (or ``trim-paths``), in C with
    ``-ffile-prefix-map``. In debug information and names ``strip-custom`` removes them. ``/rustc/HASH`` is such a
    replacement already and is not reported.
    """

    code, severity = "WR401", Severity.WARNING
    message = "{count} of '{name}', such as '{path}'"
    pattern = (
        rb"(?:/(?:home|Users)/[\w.-]{1,64}/|[A-Za-z]:[\\/]{1,2}Users[\\/]{1,2}[\w. -]{1,64}[\\/]|/root/[\w.]"
        rb"|/builds?/\w|/buildkite/|/github/workspace/|/workspaces?/\w|/usr/local/cargo/|/cargo/(?:registry|git)/"
        rb"|/private/var/folders/|/var/folders/|/go/pkg/mod/)[\w.+@~ /\\-]{0,160}"
    )
    good = (
        Example('(module (memory 1) (data (i32.const 0) "/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5/library/core"))'),
        Example('(module (memory 1) (data (i32.const 0) "see https://example.com/home/page/ for more"))'),
    )
    bad = (
        Example(
            '(module (memory 1) (data (i32.const 0) "a None value/Users/ann/app/src/lib.rs/Users/ann/app/src/io.rs"))',
            ("/Users/ann",),
        ),
        Example(
            '(module (memory 1) (data (i32.const 0) "C:\\\\Users\\\\Ann\\\\app\\\\src\\\\main.rs\\00"))',
            ("C:\\Users\\Ann",),
        ),
        Example('(module (@custom ".debug_str" "/Users/ann/app\\00"))', ("/Users/ann",), config='ignore = ["WR402"]'),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.seen: dict[tuple[str, str], tuple[Position, str, int]] = {}

    def text(self, where: Position, found: re.Match[bytes]) -> Iterable[Finding]:
        """Count paths by their section and what they begin with."""
        before = found.string[max(0, found.start() - _BEFORE) : found.start()]
        if _ADDRESS.search(before):  # of a page, not of a file
            return ()
        texts = _paths(found.group().decode("ascii", "replace"))
        for path, root in texts:
            key = (self._section(found.start()), root)
            first, sample, count = self.seen.get(key, (where, path, 0))
            self.seen[key] = (first, sample, count + 1)
        return ()

    def after(self) -> Iterable[Finding]:
        """Say each once."""
        for (section, root), (position, path, count) in self.seen.items():
            said = "1 path" if count == 1 else f"{count} paths"
            yield self.found(position, root, detail=section or "data", count=said, path=path, fix=self._fix(section))

    @cached_property
    def _customs(self) -> list[tuple[int, int, str]]:
        """Start, end and name of custom sections, by where they start."""
        return sorted((*each.span, each.name) for each in self.subject.module.customs if each.span is not None)

    def _section(self, offset: int) -> str:
        """The name of the custom section at an offset; empty for the data section, the only other place."""
        at = bisect_right(self._customs, offset, key=itemgetter(0)) - 1
        _, end, name = self._customs[at] if at >= 0 else (0, 0, "")
        return name if offset < end else ""

    @staticmethod
    def _fix(section: str) -> Fix | None:
        if not section:
            return None
        pattern = ".debug_*" if section.startswith(".debug_") else section
        return Fix("strip-custom", {"pattern": (pattern,)}, f"remove custom sections '{pattern}'")


def _paths(text: str) -> Iterable[tuple[str, str]]:
    """The paths in a run of text, each with what it begins with: Rust puts nothing between its strings."""
    while text:
        root = _ROOT.match(text)
        if root is None:
            return
        end = _SOURCE.search(text)
        cut = len(text) if end is None else end.end()
        yield text[:cut].strip(), re.sub(r"[\\/]+(?=[^\\/])", lambda run: run.group()[0], root.group())
        text = text[cut:]
