;; The function stays, and can be called under a name of its own.
;; run: remove-start export=init
(module
  (func $main)
  (start $main))
;; ->
;; note: remove-start: removed start function 'main'
;; note: remove-start: exported the function as 'init'
;; claim: instantiation-no-longer-calls old=0
;; claim: added kind=export name=init
;; type 0: [] -> []
;; export 'init': function 0 [] -> []
;; custom 'name': 01070100046d61696e
