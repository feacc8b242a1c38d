;; An existing start function runs first; its successor is known by its name only, and is not exported.
;; run: add-start function=second
(module
  (global $n (mut i32) (i32.const 0))
  (func $first i32.const 1 global.set $n)
  (func $second i32.const 2 global.set $n)
  (start $first))
;; ->
;; note: add-start: 'second' runs at instantiation (after the previous start function, 'first')
;; claim: instantiation-calls old=1
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [] -> []
;; func 2 'start second' [] -> []
;;   call function 0
;;   call function 1
;; start: function 2
;; custom 'name': 011e030005666972737401067365636f6e64020c7374617274207365636f6e6407040100016e
