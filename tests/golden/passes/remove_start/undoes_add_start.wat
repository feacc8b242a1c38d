;; What an earlier pass promised is taken back; the start function of the input is gone, too.
;; run: add-start function=b
;; run: remove-start
(module
  (func $a)
  (func $b (export "b"))
  (start $a))
;; ->
;; note: add-start: 'b' runs at instantiation (after the previous start function, 'a')
;; note: remove-start: removed start function 'start b'
;; claim: instantiation-no-longer-calls old=0
;; type 0: [] -> []
;; export 'b': function 1 [] -> []
;; custom 'name': 010702000161010162
