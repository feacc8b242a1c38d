;; expect 2:25+5 unexpected token 'i32x2'; expected a vector shape
(func (drop (v128.const i32x2 1 2)))
