;; Two things never become one.
;; run: rename-imports module=*=js
(module
  (import "a" "f" (func))
  (import "b" "f" (func)))
;; ->
;; error: rewrite: pass rename-imports: cannot rename both 'a.f' and 'b.f' to 'js.f'
