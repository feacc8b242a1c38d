;; expect 2:8+9 unknown local 3
(func (local.get 3) drop)
