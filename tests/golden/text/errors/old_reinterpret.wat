;; expect 3:4+19 unknown operator i32.reinterpret/f32; it is 'i32.reinterpret_f32' since WebAssembly 1.0
(func (param f32) (result i32)
  (i32.reinterpret/f32 (local.get 0)))
