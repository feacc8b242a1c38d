;; expect 3:8+6 duplicate export name
(func (export "a"))
(func (export "a"))
