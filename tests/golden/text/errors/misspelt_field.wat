;; expect 3:4+4 unexpected token 'fucn'; did you mean 'func'?
(module
  (fucn $f)
  (memory 1))
