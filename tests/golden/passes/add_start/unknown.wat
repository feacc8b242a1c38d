;; A name that is not there.
;; run: add-start function=mian
(module (func (export "main")))
;; ->
;; error: rewrite: pass add-start: no export and no function is called 'mian'; did you mean 'main'?
