;; With a 64-bit memory the pointer, the frame, the stack pointer and a ptr are i64.
;; run: multi-value "export=f=(ptr, u32)"
(module
  (memory i64 1)
  (global $__stack_pointer (mut i64) (i64.const 1024))
  (func (export "f") (param i64)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'f' to [] -> [i64 i32] (was [i64] -> []; declared result (ptr, u32), 16 bytes)
;; claim: returns-by-value kind=export name=f result=(ptr, u32)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i64] -> []
;; type 1: [] -> [i64 i32]
;; func 1 'f by value' [] -> [i64 i32] locals 2*i64
;;   global.get global 0
;;   local.tee 0
;;   i64.const 16
;;   i64.sub
;;   local.tee 1
;;   global.set global 0
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.get 1
;;   call function 0
;;   local.get 1
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i32.load (align=2 offset=8 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; export 'f': function 1 [] -> [i64 i32]
;; custom 'name': 010d01010a662062792076616c7565071201000f5f5f737461636b5f706f696e746572
