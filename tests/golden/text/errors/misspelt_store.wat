;; expect 4:3+9 unknown operator i32.sotre; did you mean 'i32.store'?
(func
  nop
  i32.sotre)
