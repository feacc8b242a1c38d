;; The same in two passes and the other order: the wrapper made first follows the redirection.
;; run: multi-value "export=pair=(i64, i64)"
;; run: multi-value "import=js.pair=(i64, i64)"
(module
  (import "js" "pair" (func $pair (param i32)))
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (export "pair" (func $pair)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'pair' to [] -> [i64 i64] (was [i32] -> []; declared result (i64, i64), 16 bytes)
;; note: multi-value: changed type of import 'js.pair' to [] -> [i64 i64] (was [i32] -> []; declared result (i64, i64))
;; claim: uses of function 0 mean 2
;; claim: returns-by-value kind=export name=pair result=(i64, i64)
;; claim: returns-by-value kind=import name=pair result=(i64, i64) module=js old=0 new=0
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32] -> []
;; type 1: [] -> [i64 i64]
;; import js.pair: function 0 [] -> [i64 i64]
;; func 1 'pair by value' [] -> [i64 i64] locals 2*i32
;;   global.get global 0
;;   local.tee 0
;;   i32.const 16
;;   i32.sub
;;   local.tee 1
;;   global.set global 0
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.get 1
;;   call function 2
;;   local.get 1
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; func 2 'pair by pointer' [i32] -> [] locals 1*i64
;;   call function 0
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i64.store (align=3 offset=0 memory=memory 0)
;; export 'pair': function 1 [] -> [i64 i64]
;; custom 'name': 012703000470616972010d706169722062792076616c7565020f7061697220627920706f696e746572071201000f5f5f737461636b5f706f696e746572
