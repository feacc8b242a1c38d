;; expect 4:3+3 unknown operator cal; did you mean 'call'?
(func
  nop
  cal)
