;; Only some modules, only some names.
;; run: rename-imports name=*=old_* match-module=env "match-name=?"
(module
  (import "env" "f" (func))
  (import "env" "long" (func))
  (import "js" "f" (func)))
;; ->
;; note: rename-imports: renamed import 'env.f' to 'env.old_f'
;; claim: renamed kind=import name=f new_name=old_f module=env new_module=env
;; type 0: [] -> []
;; import env.old_f: function 0 [] -> []
;; import env.long: function 1 [] -> []
;; import js.f: function 2 [] -> []
