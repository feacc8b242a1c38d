;; Every use of a function as a value: element segments of all modes and both forms, ref.func, a global, an exported table.
(module $tables
  (type $pair (func (param i32 i64)))
  (type $unary (func (param i64) (result i64)))
  (import "host" "pair" (func $host_pair (type $pair)))
  (import "host" "unary" (func $host_unary (type $unary)))
  (import "host" "table" (table $shared 4 funcref))
  (table $pairs (export "pairs") 6 12 funcref)
  (table $externs 2 externref)
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (global $chosen (export "chosen") (mut funcref) (ref.func $swapped))

  (elem $active (table $pairs) (i32.const 0) func $host_pair $straight $swapped)
  (elem $active_exprs (table $pairs) (i32.const 3) funcref (ref.func $host_pair) (ref.null func) (item ref.func $straight))
  (elem $passive func $swapped $host_pair $negate)
  (elem $passive_exprs funcref (ref.func $host_unary) (ref.null func))
  (elem $declared declare func $straight $negate $host_pair)
  (elem $into_import (table $shared) (i32.const 1) func $negate $host_unary)
  (data $passive_data "passive bytes")
  (data $active_data (i32.const 8192) "active bytes")

  ;; (i64, i64)
  (func $straight (export "straight") (type $pair) (param $out i32) (param $x i64)
    (i64.store (local.get $out) (local.get $x))
    (i64.store offset=8 (local.get $out) (i64.add (local.get $x) (i64.const 1))))

  ;; (i64, i64)
  (func $swapped (export "swapped") (type $pair) (param $out i32) (param $x i64)
    (i64.store (local.get $out) (i64.sub (local.get $x) (i64.const 3)))
    (i64.store offset=8 (local.get $out) (local.get $x)))

  (func $negate (type $unary) (i64.sub (i64.const 0) (local.get 0)))

  ;; (i64, i64), by whichever function stands in the table
  (func (export "by_table") (param $out i32) (param $which i32) (param $x i64)
    (call_indirect $pairs (type $pair) (local.get $out) (local.get $x) (local.get $which)))

  (func (export "sum_by_table") (param $which i32) (param $x i64) (result i64)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (call_indirect $pairs (type $pair) (local.get $frame) (local.get $x) (local.get $which))
    (i64.add (i64.load (local.get $frame)) (i64.mul (i64.const 2) (i64.load offset=8 (local.get $frame))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))

  (func (export "sum_direct") (param $x i64) (result i64)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (call $host_pair (local.get $frame) (local.get $x))
    (i64.add (i64.load (local.get $frame)) (i64.load offset=8 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))

  (func (export "choose") (param $which i32)
    (global.set $chosen
      (if (result funcref) (local.get $which)
        (then (ref.func $host_pair))
        (else (ref.func $straight)))))

  (func (export "fill") (param $count i32)
    (table.init $pairs $passive (i32.const 0) (i32.const 0) (local.get $count))
    (table.copy $shared $pairs (i32.const 0) (i32.const 0) (i32.const 1))
    (table.fill $externs (i32.const 0) (ref.null extern) (i32.const 2))
    (memory.init $passive_data (i32.const 100) (i32.const 0) (i32.const 7)))

  (func (export "drop")
    (elem.drop $passive)
    (elem.drop $passive_exprs)
    (data.drop $passive_data))

  (func (export "grow") (param $by i32) (result i32)
    (table.grow $pairs (ref.func $swapped) (local.get $by))))
