;; One function under several export names, in the table and as the start function; one import imported twice.
(module $aliases
  (import "host" "clash" (func $clash_int (param i32) (result i32)))
  (import "host" "clash" (func $clash_pair (param i32 i32)))
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $count (mut i32) (i32.const 0))
  (table 2 funcref)
  (elem (i32.const 0) func $setup $signed)

  (func $setup (export "setup") (export "init") (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "count") (result i32) (global.get $count))

  ;; (i8, i16) under one name, (u8, u16) under the other
  (func $signed (export "signed_pair") (export "unsigned_pair") (param $out i32) (param $x i32)
    (i32.store8 (local.get $out) (local.get $x))
    (i32.store16 offset=2 (local.get $out) (i32.shr_u (local.get $x) (i32.const 8))))

  (func (export "use_clash") (param $x i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (call $clash_pair (local.get $frame) (call $clash_int (local.get $x)))
    (i32.sub (i32.load (local.get $frame)) (i32.load offset=4 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))
  (start $setup))
