;; expect 4:2+5 multiple start sections
(func)
(start 0)
(start 0)
