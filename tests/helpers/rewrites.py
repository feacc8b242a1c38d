"""Rewrites made by hand, right and wrong: what the judge has to tell apart. No code of the rewriter is involved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.helpers.wat import wat
from wasmrewrite.contract import (
    Added,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    Redirected,
    ReturnsByValue,
    Run,
    parse_type,
)

PAIR = """
(module
  (type (func (param i32)))
  (type (func (param i32 i64 i64)))
  (type (func (result i64)))
  (type (func))
  (type (func (param i32 i32)))
  {types}
  (import "js" "get_two" (func $import {import_type}))
  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $calls (mut i32) (i32.const 0))
  (table 4 funcref)
  (elem (i32.const 1) func $other {elem})
  (func $get_two (export "get_two_inner") (type 1)
    local.get 0  local.get 1  i64.store
    local.get 0  local.get 2  i64.const 7  i64.add  i64.store offset=8)
  (func $other (type 1)
    local.get 0  local.get 2  i64.store
    local.get 0  local.get 1  i64.store offset=8)
  (func $use (export "use") (type 2) (local i32)
    global.get $__stack_pointer  i32.const 16  i32.sub  local.tee 0  global.set $__stack_pointer
    local.get 0  call {imported}
    local.get 0  i64.load  local.get 0  i64.load offset=8  i64.sub
    local.get 0  i32.const 16  i32.add  global.set $__stack_pointer)
  (func $init (export "init") (type 3)
    i32.const 70000  i32.const 42  i32.store
    global.get $calls  i32.const 1  i32.add  global.set $calls)
  (func $small (export "small_inner") (type 4)
    local.get 0  local.get 1  i32.store8 offset=4
    local.get 0  local.get 1  i32.const 3  i32.mul  i32.store
    local.get 1  i32.const 1  i32.and
    if
      local.get 0  local.get 1  i32.store16 offset=6
    end)
  {more}
  (data (i32.const 66000) "hello, world"))
"""

BEFORE = (
    PAIR.replace("{types}", "")
    .replace("{import_type}", "(type 0)")
    .replace("{imported}", "$import")
    .replace("{elem}", "$import")
    .replace("{more}", "")
    .replace("get_two_inner", "get_two")
    .replace("small_inner", "small")
)

MORE = """
  (func $shim (type 0) (local i64 i64)
    call $import
    local.set 2  local.set 1
    local.get 0  local.get 1  i64.store
    local.get 0  local.get 2  i64.store offset=8)
  (func $wrapper (export "get_two") (type 6) (local $saved i32) (local $frame i32)
    global.get $__stack_pointer  local.tee $saved
    i32.const 16  i32.sub  local.tee $frame  global.set $__stack_pointer
    local.get $frame  local.get 0  local.get 1  call $get_two
    local.get $frame  i64.load
    local.get $frame  i64.load offset=8
    local.get $saved  global.set $__stack_pointer)
  (func $small_wrapper (export "small") (type 7) (local $saved i32) (local $frame i32)
    global.get $__stack_pointer  local.tee $saved
    i32.const 8  i32.sub  i32.const -16  i32.and  local.tee $frame  global.set $__stack_pointer
    local.get $frame  i64.const 0  i64.store
    local.get $frame  local.get 0  call $small
    local.get $frame  i32.load8_u offset=4
    local.get $frame  i32.load
    local.get $frame  i32.load16_s offset=6
    local.get $saved  global.set $__stack_pointer)
  (start $init)
"""

AFTER = (
    PAIR.replace(
        "{types}",
        """(type (func (result i64 i64)))
  (type (func (param i64 i64) (result i64 i64)))
  (type (func (param i32) (result i32 i32 i32)))""",
    )
    .replace("{import_type}", "(type 5)")
    .replace("{imported}", "$shim")
    .replace("{elem}", "$shim")
    .replace("{more}", MORE)
    .replace('(export "get_two_inner") ', "")
    .replace('(export "small_inner") ', "")
)

CONTRACT = Contract(
    maps=(
        IndexMap("type", (Run(0, 0, 5),)),
        IndexMap("function", (Run(0, 0, 6),)),
    ),
    redirected=(Redirected("function", 0, 6),),
    claims=(
        ReturnsByValue("import", "get_two", parse_type("(i64, i64)"), module="js", old=0, new=0),
        ReturnsByValue("export", "get_two", parse_type("(i64, i64)")),
        ReturnsByValue("export", "small", parse_type("(u8 @4, u32 @0, i16 @6)")),
        InstantiationCalls(4),
        CustomChanged("name", "functions were added"),
    ),
)


@dataclass(frozen=True)
class Pair:
    """A module before and after a rewrite, and what the rewrite claims; both as text."""

    before: str
    after: str
    contract: Contract | None = None

    def modules(self) -> tuple[bytes, bytes]:
        """Both, assembled."""
        return wat(self.before), wat(self.after)

    def changed(self, *replacements: tuple[str, str]) -> Pair:
        """The same with other text afterwards: each piece has to occur, and its first occurrence is replaced."""
        after = self.after
        for old, new in replacements:
            if old not in after:
                raise ValueError(f"not in the module: {old!r}")
            after = after.replace(old, new, 1)
        return replace(self, after=after)


DEMO = Pair(BEFORE, AFTER, CONTRACT)
"""What a compiler makes of functions that return pairs, and the same with true multi-value functions and a start."""

IMPORT_FIRST = Pair(
    """(module
      (import "env" "log" (func $log (param i32)))
      (func $f (export "f") (param i32) (result i32) local.get 0 call $log local.get 0 i32.const 1 i32.add)
      (func $g (export "g") (param i32) (result i32) local.get 0 call $f)
      (table funcref (elem $g $f)) (global (export "g2") funcref (ref.func $g)))""",
    """(module
      (import "env" "new" (func $new))
      (import "env" "log" (func $log (param i32)))
      (func $f (export "f") (param i32) (result i32) local.get 0 call $log local.get 0 i32.const 1 i32.add)
      (func $g (export "g") (param i32) (result i32) local.get 0 call $f)
      (table funcref (elem $g $f)) (global (export "g2") funcref (ref.func $g)))""",
    Contract(
        maps=(IndexMap("function", (Run(0, 1, 3),)), IndexMap("type", (Run(0, 1, 1), Run(1, 2, 1)))),
        claims=(
            Added("import", "new", module="env", type="function [] -> []"),
            CustomChanged("name", "functions were renumbered"),
        ),
    ),
)
"""An import in front of all others: every function has another index."""

WRAPPER_LOADS = "local.get $frame  i64.load\n    local.get $frame  i64.load offset=8"
