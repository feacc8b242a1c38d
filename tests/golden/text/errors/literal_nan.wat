;; expect 2:24+7 constant out of range
(func (drop (f32.const nan:0x0)))
