;; expect 4:3+7 unknown operator i32.aad; did you mean 'i32.add'?
(func
  nop
  i32.aad)
