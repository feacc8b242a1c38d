;; A 64-bit memory: the stack pointer and the return pointers are i64.
(module $memory64
  (import "js" "get_two_i64s" (func $get_two_i64s (param i64)))
  (memory (export "memory") i64 1 16)
  (global $__stack_pointer (mut i64) (i64.const 32768))
  (global $ready (mut i32) (i32.const 0))
  (data (i64.const 40000) "sixty-four")

  (func (export "init") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
  (func (export "is_ready") (result i32) (global.get $ready))

  ;; (i64, i64)
  (func $pair (export "get_two_i64s") (param $out i64)
    (i64.store offset=8 (local.get $out) (i64.const -42))
    (i64.store (local.get $out) (i64.extend_i32_u (global.get $ready))))

  ;; (u32, u8, f64)
  (func (export "mixed") (param $out i64) (param $x i32)
    (i32.store (local.get $out) (local.get $x))
    (i32.store8 offset=4 (local.get $out) (i32.shr_u (local.get $x) (i32.const 3)))
    (f64.store offset=8 (local.get $out) (f64.convert_i32_u (local.get $x))))

  (func (export "difference_from_host") (result i64)
    (local $frame i64)
    (global.set $__stack_pointer (local.tee $frame (i64.sub (global.get $__stack_pointer) (i64.const 16))))
    (call $get_two_i64s (local.get $frame))
    (i64.sub (i64.load (local.get $frame)) (i64.load offset=8 (local.get $frame)))
    (global.set $__stack_pointer (i64.add (local.get $frame) (i64.const 16))))

  ;; the pointer is passed straight on
  (func (export "forward") (param i64) (call $get_two_i64s (local.get 0))))
