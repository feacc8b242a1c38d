;; expect 3:25+6 unknown global '$limti'; did you mean '$limit'?
(global $limit i32 (i32.const 1))
(func (drop (global.get $limti)))
