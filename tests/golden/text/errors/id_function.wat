;; expect 3:13+7 unknown function '$udpate'; did you mean '$update'?
(func $update)
(func (call $udpate))
