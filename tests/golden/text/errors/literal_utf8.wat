;; expect 2:9+5 malformed UTF-8 encoding
(export "\ff" (func 0))
(func)
