;; expect 2:10+7 unknown operator anyfunc; it is 'funcref' since WebAssembly 2.0
(table 1 anyfunc)
