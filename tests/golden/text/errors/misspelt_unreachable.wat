;; expect 4:3+10 unknown operator unreachble; did you mean 'unreachable'?
(func
  nop
  unreachble)
