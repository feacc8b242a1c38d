;; expect 3:1+1 unexpected token: ')' without '('
(func)
)
