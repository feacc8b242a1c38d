;; expect 3:8+10 immutable global
(global $g i32 (i32.const 1))
(func (global.set $g (i32.const 1)))
