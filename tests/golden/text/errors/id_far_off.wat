;; expect 3:13+4 unknown function '$zzz'
(func $alpha)
(func (call $zzz))
