;; expect 5:1+1 unexpected token ')'; expected 'end'
(func
  block
    nop
)
