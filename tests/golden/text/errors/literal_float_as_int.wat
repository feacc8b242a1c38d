;; expect 2:24+3 unexpected token '1.5'; expected an integer
(func (drop (i32.const 1.5)))
