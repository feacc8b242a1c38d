"""The one step of packaging that cannot be said in ``pyproject.toml``: the passes of a checkout without links.

Git on Windows writes the symlink ``wasmrewrite/passes`` as a file that holds its target, unless it is told otherwise,
and so do archives. The folder ``passes`` is then packaged as ``wasmrewrite.passes`` by name. Not here: running from
such a checkout, which ``wasmrewrite/__init__.py`` sees to.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PASSES = "wasmrewrite.passes"


class BuildPy(build_py):
    """Packages the folder ``passes`` even where no link leads to it."""

    packages: list[str]
    package_dir: dict[str, str]

    def finalize_options(self) -> None:
        """Add the package that looking for packages cannot have found."""
        super().finalize_options()
        if PASSES not in self.packages and Path("passes").is_dir():
            self.packages = [*self.packages, PASSES]
            self.package_dir[PASSES] = "passes"


setup(cmdclass={"build_py": BuildPy})
