;; expect 2:25+11 wrong number of lane literals
(func (drop (v128.const i32x4 1 2 3)))
