(module (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x i64) (local $steps i32)
  (local.set $i (i32.const 1))
  (loop $numbers
    (local.set $x (i64.extend_i32_u (local.get $i)))
    (block $one (loop $next
      (br_if $one (i64.eq (local.get $x) (i64.const 1)))
      (local.set $x (if (result i64) (i32.wrap_i64 (i64.and (local.get $x) (i64.const 1)))
        (then (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1)))
        (else (i64.shr_u (local.get $x) (i64.const 1)))))
      (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
      (br $next)))
    (br_if $numbers (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
  (local.get $steps)))
