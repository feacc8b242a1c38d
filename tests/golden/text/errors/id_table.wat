;; expect 3:25+4 unknown table '$tba'; did you mean '$tab'?
(table $tab 1 funcref)
(func (drop (table.size $tba)))
