;; Without a start function there is nothing to do.
;; run: remove-start
(module (func (export "main")))
;; ->
;; note: remove-start: the module has no start function
;; unchanged
