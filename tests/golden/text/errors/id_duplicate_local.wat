;; expect 2:29+2 duplicate local $x
(func (param $x i32) (param $x i32))
