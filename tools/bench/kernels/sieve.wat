(module (memory 16) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $c i32)
  (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
  (local.set $i (i32.const 2))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
    (if (i32.eqz (i32.load8_u (local.get $i))) (then
      (local.set $c (i32.add (local.get $c) (i32.const 1)))
      (local.set $j (i32.shl (local.get $i) (i32.const 1)))
      (block $crossed (loop $cross
        (br_if $crossed (i32.ge_u (local.get $j) (local.get $n)))
        (i32.store8 (local.get $j) (i32.const 1))
        (local.set $j (i32.add (local.get $j) (local.get $i)))
        (br $cross)))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (local.get $c)))
