;; expect 4:4+9 unknown operator i32.load8; it needs a suffix: 'i32.load8_s'
(memory 1)
(func
  (i32.load8 (unreachable)))
