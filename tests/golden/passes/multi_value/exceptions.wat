;; In a module that catches exceptions the stack pointer is restored when one passes through, in the form it uses.
;; run: multi-value "export=f=(u32, u64)"
(module
  (tag $t)
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "f") (param i32) throw $t)
  (func (export "g") (try_table (catch_all 0) (throw $t))))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'f' to [] -> [i32 i64] (was [i32] -> []; declared result (u32, u64), 16 bytes)
;; claim: returns-by-value kind=export name=f result=(u32, u64)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [] -> []
;; type 1: [i32] -> []
;; type 2: [] -> [i32 i64]
;; func 2 'f by value' [] -> [i32 i64] locals 2*i32
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
;;   block exnref
;;   try_table None ((kind=3 tag=None label=0))
;;   local.get 1
;;   call function 0
;;   end
;;   local.get 1
;;   i32.load (align=2 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 0
;;   global.set global 0
;;   return
;;   end
;;   local.get 0
;;   global.set global 0
;;   throw_ref
;; export 'f': function 2 [] -> [i32 i64]
;; export 'g': function 1 [] -> []
;; custom 'name': 010d01020a662062792076616c7565071201000f5f5f737461636b5f706f696e7465720b0401000174
