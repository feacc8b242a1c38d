;; In doubt nothing is rewritten.
;; run: multi-value "export=f=(i64, i64)"
(module
  (memory 1)
  (global (mut i32) (i32.const 1024))
  (func (export "f") (param i32)))
;; ->
;; error: rewrite: pass multi-value: cannot tell which global is the stack pointer: global 0 could be it, but no function lowers it; name it with stack-pointer=
