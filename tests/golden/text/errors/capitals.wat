;; expect 3:3+3 unknown operator 'Nop'
(func
  Nop)
