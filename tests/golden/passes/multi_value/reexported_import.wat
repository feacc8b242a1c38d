;; An import that is exported again, both by value: the export's wrapper calls the function that kept the old type.
;; run: multi-value
;; declare: [[import]]
;; declare: module = "js"
;; declare: name = "pair"
;; declare: result = "(i64, i64)"
;; declare: [[export]]
;; declare: name = "pair"
;; declare: result = "(i64, i64)"
(module
  (import "js" "pair" (func $pair (param i32)))
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (export "pair" (func $pair)))
;; ->
;; note: multi-value: changed type of import 'js.pair' to [] -> [i64 i64] (was [i32] -> []; declared result (i64, i64))
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'pair' to [] -> [i64 i64] (was [i32] -> []; declared result (i64, i64), 16 bytes)
;; claim: uses of function 0 mean 1
;; claim: returns-by-value kind=import name=pair result=(i64, i64) module=js old=0 new=0
;; claim: returns-by-value kind=export name=pair result=(i64, i64)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32] -> []
;; type 1: [] -> [i64 i64]
;; import js.pair: function 0 [] -> [i64 i64]
;; func 1 'pair by pointer' [i32] -> [] locals 1*i64
;;   call function 0
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.set 1
;;   local.get 0
;;   local.get 1
;;   i64.store (align=3 offset=0 memory=memory 0)
;; func 2 'pair by value' [] -> [i64 i64] locals 2*i32
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
;;   call function 1
;;   local.get 1
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; export 'pair': function 2 [] -> [i64 i64]
;; custom 'name': 012703000470616972010f7061697220627920706f696e746572020d706169722062792076616c7565071201000f5f5f737461636b5f706f696e746572
