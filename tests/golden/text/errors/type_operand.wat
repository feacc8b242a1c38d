;; expect 5:3+7 type mismatch: instruction requires [i32 i32] but stack has [i32 f32]
(func (result i32)
  (i32.const 1)
  (f32.const 2)
  i32.add)
