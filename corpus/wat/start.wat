;; A start function is there already and tells the host about it; initialisers of several shapes stand beside it.
(module $start
  (import "host" "log" (func $log (param i32)))
  (global $order (mut i32) (i32.const 0))

  (func $step (param $digit i32)
    (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $digit))))

  (func $first
    (call $step (i32.const 1))
    (call $log (i32.const 1)))

  (func (export "init")
    (call $step (i32.const 2))
    (call $log (i32.const 2)))

  (func (export "init_with") (param $digit i32) (call $step (local.get $digit)))
  (func (export "init_result") (result i32) (call $step (i32.const 4)) (global.get $order))
  (func (export "init_trap") (call $step (i32.const 5)) (unreachable))
  (func (export "order") (result i32) (global.get $order))
  (start $first))
