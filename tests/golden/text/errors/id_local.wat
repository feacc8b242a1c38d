;; expect 2:43+6 unknown local '$cuont'; did you mean '$count'?
(func (param $count i32) (drop (local.get $cuont)))
