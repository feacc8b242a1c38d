;; expect 4:4+10 unknown operator i64.load32; it needs a suffix: 'i64.load32_s'
(memory 1)
(func
  (i64.load32 (unreachable)))
