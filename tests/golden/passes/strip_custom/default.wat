;; By default everything goes but what linking and loading need.
;; run: strip-custom
(module $named
  (@custom "dylink.0" (before first) "")
  (@custom "vendor" "c")
  (func (export "f")))
;; ->
;; note: strip-custom: removed custom section 'vendor' (1 bytes)
;; note: strip-custom: removed custom section 'name' (8 bytes)
;; claim: removed kind=custom name=vendor
;; claim: removed kind=custom name=name
;; type 0: [] -> []
;; export 'f': function 0 [] -> []
;; custom 'dylink.0': 
