;; expect 4:3+3 unknown operator lop; did you mean 'loop'?
(func
  nop
  lop)
