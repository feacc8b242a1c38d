;; expect 2:7+4 illegal escape
(data "\q")
