;; expect 2:8+6 unknown operator reslut
(func (reslut i32) i32.const 1)
