;; expect 2:11+3 unexpected token 'end'; expected an instruction, no block is open
(func nop end)
