;; expect 3:7+2 duplicate func $f
(func $f)
(func $f)
