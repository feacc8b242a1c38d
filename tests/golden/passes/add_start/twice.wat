;; Two passes in a row: both functions run, in the order of the passes.
;; run: add-start function=a
;; run: add-start function=b
(module
  (func (export "a"))
  (func (export "b")))
;; ->
;; note: add-start: 'a' runs at instantiation
;; note: add-start: 'b' runs at instantiation (after the previous start function, function 0)
;; claim: instantiation-calls old=0
;; claim: instantiation-calls old=1
;; type 0: [] -> []
;; func 2 [] -> []
;;   call function 0
;;   call function 1
;; export 'a': function 0 [] -> []
;; export 'b': function 1 [] -> []
;; start: function 2
