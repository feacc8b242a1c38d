;; expect 2:7+5 unclosed string
(data "abc)
(func)
