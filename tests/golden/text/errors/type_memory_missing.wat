;; expect 2:14+8 unknown memory 0
(func (drop (i32.load (i32.const 0))))
