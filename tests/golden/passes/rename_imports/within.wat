;; Only some modules, only some names.
;; run: rename-imports name=*=old_* match-module=env "match-name=?"
(module
  (import "env" "f" (func))
  (import "env" "long" (func))
  (import "js" "f" (func)))
;; ->
;; note: rename-imports: import env.f is env.old_f now
;; claim: renamed kind=import name=f new_name=old_f module=env new_module=env
;; type 0: [] -> []
;; import env.old_f: function 0 [] -> []
;; import env.long: function 1 [] -> []
;; import js.f: function 2 [] -> []
