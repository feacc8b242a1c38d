;; Small fields are loaded with their own extension, 32-byte alignment is made by masking, and only words that hold
;; results are cleared.
;; run: multi-value "export=f=(flag: bool @0, tiny: i8 @1, small: u16 @2, last: u8 @64; size 96, align 32)"
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'f' to [] -> [i32 i32 i32 i32] (was [i32] -> []; declared result (flag: bool @0, tiny: i8 @1, small: u16 @2, last: u8 @64; size 96, align 32), 96 bytes)
;; claim: returns-by-value kind=export name=f result=(flag: bool @0, tiny: i8 @1, small: u16 @2, last: u8 @64; size 96, align 32)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32] -> []
;; type 1: [] -> [i32 i32 i32 i32]
;; func 1 'f by value' [] -> [i32 i32 i32 i32] locals 2*i32
;;   global.get global 0
;;   local.tee 0
;;   i32.const 96
;;   i32.sub
;;   i32.const -32
;;   i32.and
;;   local.tee 1
;;   global.set global 0
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.const 0
;;   i64.store (align=3 offset=64 memory=memory 0)
;;   local.get 1
;;   call function 0
;;   local.get 1
;;   i32.load8_u (align=0 offset=0 memory=memory 0)
;;   local.get 1
;;   i32.load8_s (align=0 offset=1 memory=memory 0)
;;   local.get 1
;;   i32.load16_u (align=1 offset=2 memory=memory 0)
;;   local.get 1
;;   i32.load8_u (align=0 offset=64 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; export 'f': function 1 [] -> [i32 i32 i32 i32]
;; custom 'name': 010d01010a662062792076616c7565071201000f5f5f737461636b5f706f696e746572
