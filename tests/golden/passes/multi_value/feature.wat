;; The feature is listed where features are listed.
;; run: multi-value "import=js.f=(i32, i32)"
(module
  (import "js" "f" (func (param i32)))
  (memory 1)
  (@custom "target_features" "\02+\0fmutable-globals-\0amultivalue"))
;; ->
;; note: multi-value: changed type of import 'js.f' to [] -> [i32 i32] (was [i32] -> []; declared result (i32, i32))
;; note: multi-value: listed the feature multivalue in target_features
;; claim: uses of function 0 mean 1
;; claim: returns-by-value kind=import name=f result=(i32, i32) module=js old=0 new=0
;; claim: custom-changed name=target_features reason=it lists the feature multivalue now
;; type 0: [i32] -> []
;; type 1: [] -> [i32 i32]
;; import js.f: function 0 [] -> [i32 i32]
;; func 1 [i32] -> [] locals 1*i32
;;   call function 0
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i32.store (align=2 offset=4 memory=memory 0)
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i32.store (align=2 offset=0 memory=memory 0)
;; custom 'target_features': 022b0f6d757461626c652d676c6f62616c732b0a6d756c746976616c7565
