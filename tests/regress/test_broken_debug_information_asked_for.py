"""Debug information that a pass was told to use and that cannot be read is the input's fault, not the output's."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import OutputError, RewriteError
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline

TEXT = """(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "pair") (param i32) local.get 0 i64.const 1 i64.store)
  (@custom ".debug_info" "\\10\\00\\00\\00\\04\\00\\00\\00\\00\\00\\04\\01")
  (@custom ".debug_abbrev" "\\01"))"""


@pytest.mark.parametrize("export", [(), ("pair",), ("pair=(i64)",)])
def test_the_module_is_refused_with_the_reason(export: tuple[str, ...]) -> None:
    module = Module.from_bytes(wat(TEXT), check="validate")
    with pytest.raises(RewriteError, match=r"^rewrite: pass multi-value: debug information cannot be read") as caught:
        Pipeline([MultiValue(export=export, layouts="dwarf")]).run(module)
    assert not isinstance(caught.value, OutputError)
