;; expect 3:13+1 unexpected token 'f'; expected a function index or name
(func $f)
(func (call f))
