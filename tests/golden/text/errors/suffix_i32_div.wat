;; expect 4:4+7 unknown operator i32.div; it needs a suffix: 'i32.div_s'
(memory 1)
(func
  (i32.div (unreachable)))
