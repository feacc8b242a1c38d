(module (func (export "run") (param $n i32) (result i32) (local $state i32) (local $sum i32)
  (loop $next
    (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d (i32.and (local.get $state) (i32.const 3))))
      (local.set $state (i32.add (local.get $state) (i32.const 5))) (br $d))
      (local.set $state (i32.mul (local.get $state) (i32.const 3))) (br $d))
      (local.set $state (i32.xor (local.get $state) (i32.const 7))))
    (local.set $sum (i32.add (local.get $sum) (local.get $state)))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $sum)))
