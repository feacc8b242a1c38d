;; expect 6:18+1 type mismatch
;; expect 7:15+9 unknown operator get_local
;; expect 8:30+1 type mismatch
(module
  (func $good (result i32)
    (i64.const 1))
  (func $bad (get_local 0))
  (func $better (i32.const 1)))
