;; expect 3:4+16 unknown operator i64.extend_u/i32; it is 'i64.extend_i32_u' since WebAssembly 1.0
(func (param i32) (result i64)
  (i64.extend_u/i32 (local.get 0)))
