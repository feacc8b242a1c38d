;; expect 2:24+10 constant out of range for i32
(func (drop (i32.const 4294967296)))
