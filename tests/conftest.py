"""What every test run needs: the ``--bless`` flag and the Hypothesis profiles.

``WASMREWRITE_PROFILE`` chooses the profile. ``dev`` (the default) is quick and remembers failures; ``ci`` runs more
examples, always the same ones, and makes what is optional on a developer's machine required; ``fuzz`` goes on for long.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.external import profile

# No deadlines: how long one example takes is the machine's affair, and nothing here asserts a time.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True, print_blob=True)
settings.register_profile(
    "fuzz", deadline=None, max_examples=100_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(profile())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--bless``."""
    parser.addoption("--bless", action="store_true", help="rewrite golden expectations instead of comparing them")


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """True if golden expectations are to be rewritten instead of compared."""
    return bool(request.config.getoption("--bless"))
