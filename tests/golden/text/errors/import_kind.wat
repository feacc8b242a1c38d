;; expect 2:18+3 unexpected token
(import "a" "b" (fun))
