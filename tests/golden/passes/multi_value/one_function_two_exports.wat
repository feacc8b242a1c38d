;; Equal functions are often merged: each export gets a wrapper for the result it is declared to have. The original stays
;; exported under another name.
;; run: multi-value "export=signed=(i8, i16)" "export=unsigned=(u8, u16)" original-export=suffix
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func $both (export "signed") (param i32))
  (export "unsigned" (func $both))
  (export "third" (func $both)))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'signed' to [] -> [i32 i32] (was [i32] -> []; declared result (i8, i16), 4 bytes)
;; note: multi-value: changed type of export 'unsigned' to [] -> [i32 i32] (was [i32] -> []; declared result (u8, u16), 4 bytes)
;; claim: returns-by-value kind=export name=signed result=(i8, i16)
;; claim: returns-by-value kind=export name=unsigned result=(u8, u16)
;; claim: added kind=export name=signed_by_pointer same_as=signed
;; claim: added kind=export name=unsigned_by_pointer same_as=signed
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32] -> []
;; type 1: [] -> [i32 i32]
;; func 1 'signed by value' [] -> [i32 i32] locals 2*i32
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
;;   call function 0
;;   local.get 1
;;   i32.load8_s (align=0 offset=0 memory=memory 0)
;;   local.get 1
;;   i32.load16_s (align=1 offset=2 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; func 2 'unsigned by value' [] -> [i32 i32] locals 2*i32
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
;;   call function 0
;;   local.get 1
;;   i32.load8_u (align=0 offset=0 memory=memory 0)
;;   local.get 1
;;   i32.load16_u (align=1 offset=2 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;; export 'signed': function 1 [] -> [i32 i32]
;; export 'unsigned': function 2 [] -> [i32 i32]
;; export 'third': function 0 [i32] -> []
;; export 'signed_by_pointer': function 0 [i32] -> []
;; export 'unsigned_by_pointer': function 0 [i32] -> []
;; custom 'name': 012b030004626f7468010f7369676e65642062792076616c75650211756e7369676e65642062792076616c7565071201000f5f5f737461636b5f706f696e746572
