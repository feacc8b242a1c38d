;; expect 3:14+14 unknown operator current_memory; it is 'memory.size' since WebAssembly 1.0
(memory 1)
(func (drop (current_memory)))
