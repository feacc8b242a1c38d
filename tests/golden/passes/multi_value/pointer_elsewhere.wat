;; The pointer need not come first.
;; run: multi-value "export=f=(i64, i64)" pointer=1
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i64 i32 f32)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'f' to [i64 f32] -> [i64 i64] (was [i64 i32 f32] -> []; declared result (i64, i64), 16 bytes)
;; claim: returns-by-value kind=export name=f result=(i64, i64) pointer=1
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i64 i32 f32] -> []
;; type 1: [i64 f32] -> [i64 i64]
;; func 1 'f by value' [i64 f32] -> [i64 i64] locals 2*i32
;;   global.get global 0
;;   local.tee 2
;;   i32.const 16
;;   i32.sub
;;   local.tee 3
;;   global.set global 0
;;   local.get 3
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 3
;;   i64.const 0
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.get 0
;;   local.get 3
;;   local.get 1
;;   call function 0
;;   local.get 3
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 3
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 2
;;   global.set global 0
;; export 'f': function 1 [i64 f32] -> [i64 i64]
;; custom 'name': 010d01010a662062792076616c7565071201000f5f5f737461636b5f706f696e746572
