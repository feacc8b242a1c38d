;; expect 2:21+5 unexpected token 'param'; parameters are declared before
(func (result i32) (param i32) i32.const 1)
