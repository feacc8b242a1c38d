;; expect 2:24+2 unexpected token '-1'; expected an unsigned integer
(func (drop (local.get -1)))
