;; Packed fields are loaded where they lie, and no load promises an alignment it has not.
;; run: multi-value "export=f=(head: u8 @0, middle: u32 @1, tail: i64 @5; size 13, align 1)"
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'f' to [] -> [i32 i32 i64] (was [i32] -> []; declared result (head: u8 @0, middle: u32 @1, tail: i64 @5; size 13, align 1), 13 bytes)
;; claim: returns-by-value kind=export name=f result=(head: u8 @0, middle: u32 @1, tail: i64 @5; size 13, align 1)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32] -> []
;; type 1: [] -> [i32 i32 i64]
;; func 1 'f by value' [] -> [i32 i32 i64] locals 2*i32
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
;;   call function 0
;;   local.get 1
;;   i32.load8_u (align=0 offset=0 memory=memory 0)
;;   local.get 1
;;   i32.load (align=0 offset=1 memory=memory 0)
;;   local.get 1
;;   i64.load (align=0 offset=5 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; export 'f': function 1 [] -> [i32 i32 i64]
;; custom 'name': 010d01010a662062792076616c7565071201000f5f5f737461636b5f706f696e746572
