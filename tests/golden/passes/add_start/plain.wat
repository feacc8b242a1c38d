;; A function that takes and returns nothing becomes the start function itself: no code is added.
;; run: add-start function=main
(module
  (global $n (export "n") (mut i32) (i32.const 0))
  (func $main (export "main") i32.const 1 global.set $n))
;; ->
;; note: add-start: 'main' runs at instantiation
;; claim: instantiation-calls old=0
;; type 0: [] -> []
;; export 'n': global 0
;; export 'main': function 0 [] -> []
;; start: function 0
;; custom 'name': 01070100046d61696e07040100016e
