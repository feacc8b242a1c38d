;; expect 2:8+4 unknown function 7
(func (call 7))
