;; expect 2:14+3 unexpected token 'i31'
(func (param i31 i32) (local.get 0) (local.get 1))
