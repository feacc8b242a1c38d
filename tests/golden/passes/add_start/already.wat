;; What runs already is not run twice.
;; run: add-start function=main
(module
  (func $main (export "main"))
  (start $main))
;; ->
;; note: add-start: 'main' already runs at instantiation
;; unchanged
