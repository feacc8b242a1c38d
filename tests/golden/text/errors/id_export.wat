;; expect 3:22+5 unknown function '$mian'; did you mean '$main'?
(func $main)
(export "main" (func $mian))
