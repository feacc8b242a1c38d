;; expect 2:24+2 unknown operator '0x'; expected an i32 constant
(func (drop (i32.const 0x)))
