;; expect 2:11+4 unexpected token 'else'
(func nop else nop)
