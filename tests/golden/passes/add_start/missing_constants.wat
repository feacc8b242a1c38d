;; Nothing is made up for a parameter.
;; run: add-start function=main
(module (func (export "main") (param i32)))
;; ->
;; error: rewrite: pass add-start: 'main' takes 1 parameters ([i32] -> []), but 0 constants were given; set args once per parameter
