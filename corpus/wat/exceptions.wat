;; Exceptions that leave a function before, between and after the stores of its result.
(module $exceptions
  (import "host" "may_throw" (func $may_throw (param i32)))
  (tag $failed (export "failed") (param i32))
  (tag $other (param i64 i32))
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))

  ;; (u32, u64)
  (func $half (export "half") (param $out i32) (param $x i32)
    (i32.store (local.get $out) (local.get $x))
    (if (i32.and (local.get $x) (i32.const 1)) (then (throw $failed (local.get $x))))
    (i64.store offset=8 (local.get $out) (i64.extend_i32_u (i32.shr_u (local.get $x) (i32.const 1)))))

  (func (export "half_or") (param $x i32) (param $default i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (block $done
      (block $caught (result i32)
        (try_table (catch $failed $caught) (catch_all $done)
          (call $half (local.get $frame) (local.get $x)))
        (br $done))
      (local.set $x)
      (i64.store offset=8 (local.get $frame) (i64.extend_i32_u (i32.add (local.get $x) (local.get $default)))))
    (i32.wrap_i64 (i64.load offset=8 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))

  (func (export "rethrow") (param $x i32) (result i64)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught)
        (call $may_throw (local.get $x))
        (throw $other (i64.extend_i32_u (local.get $x)) (i32.const 7)))
      (unreachable))
    (throw_ref)))
