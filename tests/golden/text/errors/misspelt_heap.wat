;; expect 2:23+5 unexpected token 'exern'; expected a heap type; did you mean 'extern'?
(func (drop (ref.null exern)))
