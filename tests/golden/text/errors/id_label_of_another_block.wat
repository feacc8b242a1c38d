;; expect 2:22+2 unknown label '$a'
(func (block $a) (br $a))
