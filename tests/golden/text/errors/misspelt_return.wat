;; expect 4:3+6 unknown operator retrun; did you mean 'return'?
(func
  nop
  retrun)
