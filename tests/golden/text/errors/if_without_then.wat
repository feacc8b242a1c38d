;; expect 2:30+1 unexpected token ')'; expected '(then'
(func (if (i32.const 1) (nop)))
