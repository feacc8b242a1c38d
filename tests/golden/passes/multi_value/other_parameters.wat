;; Declared parameters have to be those of the function.
;; run: multi-value
;; declare: [[export]]
;; declare: name = "f"
;; declare: params = ["u32", "f64"]
;; declare: result = "(i64, i64)"
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32 i32)))
;; ->
;; error: rewrite: pass multi-value: export 'f': its parameters [i32 i32] -> [] are not a pointer and the declared ones (i32 f64)
