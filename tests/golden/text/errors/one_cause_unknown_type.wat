;; expect 2:11+5 unexpected token
(type $t (strct (field i32)))
(func (param (ref $t)))
