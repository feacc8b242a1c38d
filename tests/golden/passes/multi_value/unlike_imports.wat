;; Two imports of one name and unlike types cannot both be what is declared.
;; run: multi-value "import=env.clash=(i32, i32)"
(module
  (import "env" "clash" (func (param i32)))
  (import "env" "clash" (func (param i32 i32)))
  (memory 1))
;; ->
;; error: rewrite: pass multi-value: import 'env.clash' occurs 2 times with different types
