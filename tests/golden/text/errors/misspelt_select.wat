;; expect 4:3+5 unknown operator selct; did you mean 'select'?
(func
  nop
  selct)
