;; expect 2:2+6 type mismatch
(global i32 (i64.const 1))
