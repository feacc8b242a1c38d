(module
  (import "log" "warn" (func $warn (param i32 i32)))
  (memory (export "memory") 1)
  (global $limit i32 (i32.const 100))

  (func $clamp (export "clamp") (param $x i32) (result i32)
    (if (result i32) (i32.gt_s (get_local $x) (global.get $limit))
      (then
        (call $wran (i32.const 0) (i32.const 4))
        (global.get $limit))
      (else (local.get $x))))

  (func (export "mean") (param $sum f64) (param $count i32) (result f64)
    local.get $sum
    local.get $count
    f64.div)
)
