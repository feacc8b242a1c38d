;; Recursive calls, direct, mutual and in tail position, some of them of functions that return through a pointer.
(module $recursion
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))

  ;; (u64, u64): the last two Fibonacci numbers; calls itself with its own pointer
  (func $fibonacci (export "fibonacci") (param $out i32) (param $n i32)
    (if (i32.eqz (local.get $n))
      (then
        (i64.store (local.get $out) (i64.const 0))
        (i64.store offset=8 (local.get $out) (i64.const 1))
        (return)))
    (call $fibonacci (local.get $out) (i32.sub (local.get $n) (i32.const 1)))
    (i64.store offset=8 (local.get $out)
      (i64.add
        (i64.load (local.get $out))
        (block (result i64)
          (i64.load offset=8 (local.get $out))
          (i64.store (local.get $out) (i64.load offset=8 (local.get $out)))))))

  ;; (u32, u32): how many even and odd steps; calls itself with room of its own
  (func $parity (export "parity") (param $out i32) (param $n i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (if (local.get $n)
      (then
        (call $parity (i32.add (local.get $frame) (i32.const 8)) (i32.sub (local.get $n) (i32.const 1)))
        (i32.store (local.get $out) (i32.load offset=12 (local.get $frame)))
        (i32.store offset=4 (local.get $out) (i32.add (i32.load offset=8 (local.get $frame)) (i32.const 1))))
      (else
        (i64.store align=4 (local.get $out) (i64.const 0))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))

  (func $even (export "even") (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (call $odd (i32.sub (local.get $n) (i32.const 1))))
      (else (i32.const 1))))

  (func $odd (export "odd") (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (call $even (i32.sub (local.get $n) (i32.const 1))))
      (else (i32.const 0))))

  (func $count (export "count") (param $n i64) (param $total i64) (result i64)
    (if (i64.eqz (local.get $n)) (then (return (local.get $total))))
    (return_call $count
      (i64.sub (local.get $n) (i64.const 1))
      (i64.add (local.get $total) (local.get $n))))

  ;; (u64, u64), forwarded by a tail call
  (func (export "fibonacci_tail") (param i32 i32)
    (return_call $fibonacci (local.get 0) (local.get 1))))
