;; expect 4:9+1 unexpected token end of input; missing ')' for '(func' opened at
(module
  (func $a
    (nop)

  (func $b)
)
