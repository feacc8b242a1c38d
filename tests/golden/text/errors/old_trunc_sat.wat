;; expect 3:4+19 unknown operator i32.trunc_s:sat/f32; it is 'i32.trunc_sat_f32_s' since WebAssembly 1.0
(func (param f32) (result i32)
  (i32.trunc_s:sat/f32 (local.get 0)))
