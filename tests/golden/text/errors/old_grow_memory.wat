;; expect 3:14+11 unknown operator grow_memory; it is 'memory.grow' since WebAssembly 1.0
(memory 1)
(func (drop (grow_memory (i32.const 1))))
