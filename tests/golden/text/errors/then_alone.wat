;; expect 2:8+4 unexpected token 'then'
(func (then (nop)))
