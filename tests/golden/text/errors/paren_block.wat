;; expect 5:11+1 unexpected token end of input; missing ')' for '(block' opened at
(module
  (func $a
    (block $x
      (nop)
    (nop))
  (func $b))
