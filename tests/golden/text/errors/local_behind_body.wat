;; expect 4:4+5 unexpected token 'local'; locals are declared before the body
(func
  nop
  (local i32))
