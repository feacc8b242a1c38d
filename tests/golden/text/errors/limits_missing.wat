;; expect 2:8+1 unexpected token ')'; expected an unsigned integer
(memory)
