;; expect 2:14+3 unexpected token 'i23'; expected a value type; did you mean 'i32'?
(func (param i23))
