;; Without a start function there is nothing to do.
;; run: remove-start
(module (func (export "main")))
;; ->
;; note: remove-start: there is no start function
;; unchanged
