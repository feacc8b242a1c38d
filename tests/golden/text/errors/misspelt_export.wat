;; expect 3:2+6 unexpected token 'exprot'; did you mean 'export'?
(func $f)
(exprot "f" (func $f))
