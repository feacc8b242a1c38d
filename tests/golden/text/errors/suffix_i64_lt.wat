;; expect 4:4+6 unknown operator i64.lt; it needs a suffix: 'i64.lt_s'
(memory 1)
(func
  (i64.lt (unreachable)))
