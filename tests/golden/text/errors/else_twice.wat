;; expect 2:40+4 unexpected token 'else'
(func (if (i32.const 1) (then) (else) (else)))
