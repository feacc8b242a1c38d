;; expect 4:3+1 unexpected token '('; expected the end of the text
(module
  (func $a nop))
  (func $b)
)
