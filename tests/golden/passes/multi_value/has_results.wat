;; A function with results does not return through a pointer.
;; run: multi-value "export=f=(i64, i64)"
(module
  (memory 1)
  (func (export "f") (param i32) (result i32) local.get 0))
;; ->
;; error: rewrite: pass multi-value: export 'f': its type [i32] -> [i32] has results already
