;; expect 3:26+4 unknown memory '$mme'; did you mean '$mem'?
(memory $mem 1)
(func (drop (memory.size $mme)))
