;; expect 2:24+5 unknown label '$doen'; did you mean '$done'?
(func (block $done (br $doen)))
