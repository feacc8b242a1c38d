;; expect 2:48+1 unexpected token 
(func (i32.add (i32.const 1) (i32.const 2) drop)
