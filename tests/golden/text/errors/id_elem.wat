;; expect 3:18+5 unknown elem segment '$lits'; did you mean '$list'?
(elem $list func)
(func (elem.drop $lits))
