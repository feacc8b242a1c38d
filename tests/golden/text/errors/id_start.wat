;; expect 3:8+5 unknown function '$intt'; did you mean '$init'?
(func $init)
(start $intt)
