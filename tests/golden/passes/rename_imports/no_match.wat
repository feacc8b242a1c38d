;; A rule that matches nothing is a mistake.
;; run: rename-imports module=evn=js
(module (import "env" "f" (func)))
;; ->
;; error: rewrite: pass rename-imports: 'evn=js' matches no import; did you mean 'env'?
