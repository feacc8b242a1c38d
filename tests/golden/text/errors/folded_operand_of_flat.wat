;; expect 2:17+1 unexpected token '('; expected an i32 constant
(func i32.const (i32.const 1) drop)
