;; expect 3:13+4 unknown type '$sgi'; did you mean '$sig'?
(type $sig (func))
(func (type $sgi))
