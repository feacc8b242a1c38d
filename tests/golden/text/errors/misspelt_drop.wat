;; expect 4:3+4 unknown operator drpo; did you mean 'drop'?
(func
  nop
  drpo)
