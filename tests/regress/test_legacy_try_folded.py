"""Legacy ``try`` is never folded: not all tools read ``(try (do ...))``, all read the flat form."""

from wasmrewrite import Module

TEXT = """(module (tag $e (param i32)) (func (result i32)
  i32.const 4
  try $t (result i32) i32.const 1 i32.const 2 i32.add catch $e rethrow $t catch_all i32.const 3 end
  i32.add
  block $b try (result i32) i32.const 1 i32.eqz delegate $b drop end))"""
FOLDED = """\
    (i32.const 4)
    try $t (result i32)
      (i32.add (i32.const 1) (i32.const 2))
    catch $e
      (rethrow $t)
    catch_all
      (i32.const 3)
    end
    (i32.add)
    (block $b
      try (result i32)
        (i32.eqz (i32.const 1))
      delegate $b
      drop)
"""


def test_try_stays_flat() -> None:
    module = Module.from_wat(TEXT)
    text = module.to_wat(fold=True)
    assert FOLDED in text
    assert Module.from_wat(text).to_bytes() == module.to_bytes()


def test_nothing_in_parentheses_follows_delegate() -> None:
    tail = "try delegate 0"
    text = f"(module (func (result i32) {tail} nop {tail} i32.const 1 i32.eqz {tail} if nop else nop end i32.const 2))"
    module = Module.from_wat(text)
    printed = module.to_wat(fold=True)
    lines = [line.strip() for line in printed.splitlines()]
    after = [lines[at + 1] for at, line in enumerate(lines) if line.startswith("delegate")]
    assert after == ["nop", "i32.const 1", "if"]
    assert Module.from_wat(printed).to_bytes() == module.to_bytes()
