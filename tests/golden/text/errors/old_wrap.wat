;; expect 2:47+12 unknown operator i32.wrap/i64; it is 'i32.wrap_i64' since WebAssembly 1.0
(func (param i64) (result i32) (local.get 0) (i32.wrap/i64))
