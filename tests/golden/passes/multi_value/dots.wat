;; Which dot parts module and name is up to the module; here it leaves two readings.
;; run: multi-value "import=a.b.c=(i32, i32)"
(module
  (import "a.b" "c" (func (param i32)))
  (import "a" "b.c" (func (param i32)))
  (memory 1))
;; ->
;; error: rewrite: pass multi-value: 'a.b.c' can be read in several ways (module 'a' name 'b.c', module 'a.b' name 'c'); declare it in an interface file
