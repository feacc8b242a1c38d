;; A hundred results are more than anyone wants.
;; run: multi-value "export=f=[u8; 100]"
(module
  (memory 1)
  (func (export "f") (param i32)))
;; ->
;; error: rewrite: pass multi-value: export 'f': 100 results are more than max-results=16
