;; expect 2:22+9 unexpected token 'i32.const'; expected '(' or ')'
(func (drop (i32.add i32.const 1 (i32.const 2))))
