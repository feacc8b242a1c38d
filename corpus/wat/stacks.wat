;; Which global is the stack pointer? Several mutable i32 globals, one of them used as one, none of them first.
(module $stacks
  (import "env" "counter" (global $counter (mut i32)))
  (memory (export "memory") 2)
  (global $calls (export "calls") (mut i32) (i32.const 0))
  (global $sp (mut i32) (i32.const 100000))
  (global $limit (mut i32) (i32.const 65536))

  ;; (i64, f32)
  (func $pair (export "pair") (param $out i32) (param $x i64)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i64.store (local.get $out) (local.get $x))
    (f32.store offset=8 (local.get $out) (f32.convert_i64_s (local.get $x))))

  (func (export "use_pair") (param $x i64) (result f32)
    (local $frame i32)
    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 32))))
    (if (i32.lt_u (local.get $frame) (global.get $limit)) (then (unreachable)))
    (call $pair (i32.add (local.get $frame) (i32.const 16)) (local.get $x))
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (f32.load offset=24 (local.get $frame))
    (global.set $sp (i32.add (local.get $frame) (i32.const 32)))))
