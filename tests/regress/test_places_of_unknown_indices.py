"""An index outside its space, found while items were made, was refused without a word about where."""

from __future__ import annotations

import pytest

from tests.helpers.binary import module, section, text, vector
from wasmrewrite.errors import InvalidError
from wasmrewrite.model import Module

TYPES = section(1, vector(b"\x60\x00\x00"))
IMPORT = text("a") + text("b")
CODE = section(10, vector(b"\x02\x00\x0b"))
I32_0 = b"\x41\x00\x0b"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (module(section(1, vector(b"\x60\x00\x01\x64\x05"))), "type section: type[0]: unknown type 5"),
        (module(TYPES, section(2, vector(IMPORT + b"\x00\x07"))), "import section: import[0]: unknown type 7"),
        (module(TYPES, section(3, b"\x01\x07"), CODE), "function section: func[0]: unknown type 7"),
        (module(section(4, vector(b"\x64\x07\x00\x01"))), "table section: table[0]: unknown type 7"),
        (module(section(6, vector(b"\x63\x07\x00\xd0\x07\x0b"))), "global section: global[0]: unknown type 7"),
        (module(section(7, vector(text("f") + b"\x00\x00"))), "export section: export[0]: unknown function 0"),
        (module(section(8, b"\x03")), "start section: unknown function 3"),
        (module(section(9, vector(b"\x00" + I32_0 + b"\x00"))), "element section: elem[0]: unknown table 0"),
        (module(section(11, vector(b"\x00" + I32_0 + b"\x00"))), "data section: data[0]: unknown memory 0"),
        (module(section(13, vector(b"\x00\x04"))), "tag section: tag[0]: unknown type 4"),
    ],
)  # fmt: skip
def test_the_entry_is_named(data: bytes, said: str) -> None:
    with pytest.raises(InvalidError) as caught:
        Module.from_bytes(data, check="validate")
    assert str(caught.value).startswith(f"invalid: {said} (at 0x")


def test_only_the_innermost_place_is_told() -> None:
    data = module(TYPES, section(3, b"\x01\x07"), section(7, vector(text("f") + b"\x00\x00")), CODE)
    with pytest.raises(InvalidError) as caught:
        _ = Module.from_bytes(data).exports
    assert str(caught.value) == "invalid: function section: func[0]: unknown type 7 (at 0x11)"
