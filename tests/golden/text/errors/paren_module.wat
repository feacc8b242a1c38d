;; expect 4:11+1 unexpected token end of input; missing ')' for '(module' opened at
(module
  (func $a)
  (func $b)
