;; Modules by pattern, all kinds of imports, and only the first rule that matches; part of the old name is kept.
;; run: rename-imports module=wasi_*=wasi:* module=*=js name=mem=memory
(module
  (import "env" "mem" (memory 1))
  (import "wasi_unstable" "read" (func (param i32)))
  (import "env" "f" (func))
  (import "env" "f" (func (param i32))))
;; ->
;; note: rename-imports: renamed import 'env.f' to 'js.f'
;; note: rename-imports: renamed import 'env.mem' to 'js.memory'
;; note: rename-imports: renamed import 'wasi_unstable.read' to 'wasi:unstable.read'
;; claim: renamed kind=import name=mem new_name=memory module=env new_module=js
;; claim: renamed kind=import name=read new_name=read module=wasi_unstable new_module=wasi:unstable
;; claim: renamed kind=import name=f new_name=f module=env new_module=js
;; type 0: [i32] -> []
;; type 1: [] -> []
;; import js.memory: memory 0
;; import wasi:unstable.read: function 0 [i32] -> []
;; import js.f: function 1 [] -> []
;; import js.f: function 2 [i32] -> []
