;; expect 3:2+6 import after function
(func)
(import "a" "b" (func))
