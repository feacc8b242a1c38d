;; expect 2:23+1 unexpected token ')'; expected an i64 constant
(func (drop (i64.const)))
