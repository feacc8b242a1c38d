(module
  (func $twice (param $x i32) (result i32)
    (i32.mul (local.get $x) (i32.const 2))

  (func $four (result i32)
    (call $twice (i32.const 2)))
)
