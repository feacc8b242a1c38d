;; Names are never overwritten.
;; run: multi-value "export=f=(i64, i64)" original-export=suffix
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32))
  (func (export "f_by_pointer")))
;; ->
;; error: rewrite: pass multi-value: there is an export 'f_by_pointer' already
