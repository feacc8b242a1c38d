;; expect 4:4+7 unknown operator i32.shr; it needs a suffix: 'i32.shr_s'
(memory 1)
(func
  (i32.shr (unreachable)))
