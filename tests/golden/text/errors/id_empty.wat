;; expect 2:7+1 empty identifier
(func $)
