;; Of several memories none is guessed.
;; run: multi-value "export=f=(i32, i64)"
(module
  (memory 1)
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32)))
;; ->
;; error: rewrite: pass multi-value: export 'f': the module has 2 memories; say which one results lie in
