;; Patterns choose, the keep-list overrides.
;; run: strip-custom "pattern=.debug_*" pattern=producers pattern=nothing keep=.debug_str
(module $named
  (@custom ".debug_info" "a")
  (@custom ".debug_str" "b")
  (@custom "producers" "\00")
  (@custom "vendor" "c")
  (func (export "f")))
;; ->
;; note: strip-custom: removed custom section '.debug_info' (1 bytes)
;; note: strip-custom: removed custom section 'producers' (1 bytes)
;; note: strip-custom: no custom section matches 'nothing'
;; note: : kept custom section '.debug_str' (a section that it may refer to is gone)
;; claim: removed kind=custom name=.debug_info
;; claim: removed kind=custom name=producers
;; type 0: [] -> []
;; export 'f': function 0 [] -> []
;; custom '.debug_str': 62
;; custom 'vendor': 63
;; custom 'name': 0006056e616d6564
