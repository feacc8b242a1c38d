;; expect 3:7+9 inline function type
(type $t (func (param i32)))
(func (type $t) (param i64))
