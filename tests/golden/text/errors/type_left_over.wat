;; expect 4:1+1 type mismatch
(func
  (i32.const 1)
)
