;; expect 3:1+2 unclosed comment
(func)
(; (func)
