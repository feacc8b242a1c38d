;; expect 2:19+1 type mismatch: block requires [i32] but stack has []
(func (result i32))
