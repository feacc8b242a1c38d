"""The features section gains one entry and keeps all others as they are."""

from __future__ import annotations

import pytest

from wasmrewrite.rewrite.features import with_feature

SIGN_EXT = b"+\x08sign-ext"
MULTI = b"+\x0amultivalue"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\x00", b"\x01" + MULTI),
        (b"\x01" + SIGN_EXT, b"\x02" + SIGN_EXT + MULTI),
        (b"\x01" + MULTI, None),
        (b"\x01=" + MULTI[1:], None),
        (b"\x02-" + MULTI[1:] + SIGN_EXT, b"\x02" + MULTI + SIGN_EXT),
        (b"\x02-" + MULTI[1:] + MULTI, None),
        (b"\x05+", None),
        (b"", None),
    ],
)
def test_a_feature_is_listed_once(before: bytes, after: bytes | None) -> None:
    assert with_feature(before, "multivalue") == after
