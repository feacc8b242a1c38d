;; What an earlier pass promised is taken back; the start function of the input is gone, too.
;; run: add-start function=b
;; run: remove-start
(module
  (func $a)
  (func $b (export "b"))
  (start $a))
;; ->
;; note: add-start: 'b' runs at instantiation (after 'a', the start function before)
;; note: remove-start: instantiation no longer calls 'start b'
;; claim: instantiation-no-longer-calls old=0
;; type 0: [] -> []
;; export 'b': function 1 [] -> []
;; custom 'name': 010702000161010162
