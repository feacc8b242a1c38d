;; expect 2:14+7 unknown operator i32.wat
(func (drop (i32.wat (i32.const 1) (i32.const 2) (i32.const 3))))
