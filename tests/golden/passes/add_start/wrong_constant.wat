;; A constant has to fit its parameter.
;; run: add-start function=main args=i64:5
(module (func (export "main") (param i32)))
;; ->
;; error: rewrite: pass add-start: 'i64:5' is no i32
