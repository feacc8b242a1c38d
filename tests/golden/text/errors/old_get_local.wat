;; expect 2:26+9 unknown operator get_local; it is 'local.get' since WebAssembly 1.0
(func (param i32) (drop (get_local 0)))
