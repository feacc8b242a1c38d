;; expect 3:23+7 alignment must be a power of two
(memory 1)
(func (drop (i32.load align=3 (i32.const 0))))
