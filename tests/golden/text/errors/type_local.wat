;; expect 3:4+9 type mismatch
(func (local i64)
  (local.set 0 (i32.const 1)))
