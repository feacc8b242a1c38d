;; expect 2:24+4 constant out of range
(func (drop (f32.const 1e39)))
