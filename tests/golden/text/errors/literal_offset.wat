;; expect 3:23+9 unknown operator 'offset=-1'; expected a number after 'offset='
(memory 1)
(func (drop (i32.load offset=-1 (i32.const 0))))
