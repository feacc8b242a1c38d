;; Two things never become one.
;; run: rename-imports module=*=js
(module
  (import "a" "f" (func))
  (import "b" "f" (func)))
;; ->
;; error: rewrite: pass rename-imports: imports a.f and b.f would both be js.f
