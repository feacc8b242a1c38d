(module (type $f (func (param i32) (result i32))) (table funcref (elem $inc $double $flip))
  (func $inc (type $f) (i32.add (local.get 0) (i32.const 1)))
  (func $double (type $f) (i32.shl (local.get 0) (i32.const 1)))
  (func $flip (type $f) (i32.xor (local.get 0) (i32.const -1)))
  (func (export "run") (param $n i32) (result i32) (local $x i32)
  (loop $next
    (local.set $x (call_indirect (type $f) (local.get $x) (i32.rem_u (local.get $n) (i32.const 3))))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $x)))
