;; Everything declared to return through a pointer is rewritten; what is not imported, or returns by value already, is
;; left alone and said so.
;; run: multi-value
;; declare: [[import]]
;; declare: module = "js"
;; declare: name = "unused"
;; declare: result = "(i64, i64)"
;; declare: [[export]]
;; declare: name = "plain"
;; declare: result = "u32"
;; declare: [[export]]
;; declare: name = "done"
;; declare: result = "(u32, u64)"
;; declare: [[export]]
;; declare: name = "wide"
;; declare: params = ["u128", "ptr"]
;; declare: result = "i128"
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func (export "plain") (result i32) i32.const 1)
  (func (export "done") (result i32 i64) i32.const 1 i64.const 2)
  (func (export "wide") (param i32 i64 i64 i32)))
;; ->
;; note: multi-value: no function is imported as 'js.unused'
;; note: multi-value: skipped export 'done' (its type [] -> [i32 i64] already returns (u32, u64))
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'wide' to [i64 i64 i32] -> [i64 i64] (was [i32 i64 i64 i32] -> []; declared result i128, 16 bytes)
;; claim: returns-by-value kind=export name=wide result=i128
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [] -> [i32]
;; type 1: [] -> [i32 i64]
;; type 2: [i32 i64 i64 i32] -> []
;; type 3: [i64 i64 i32] -> [i64 i64]
;; func 3 'wide by value' [i64 i64 i32] -> [i64 i64] locals 2*i32
;;   global.get global 0
;;   local.tee 3
;;   i32.const 16
;;   i32.sub
;;   local.tee 4
;;   global.set global 0
;;   local.get 4
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 4
;;   i64.const 0
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.get 4
;;   local.get 0
;;   local.get 1
;;   local.get 2
;;   call function 2
;;   local.get 4
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 4
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 3
;;   global.set global 0
;; export 'plain': function 0 [] -> [i32]
;; export 'done': function 1 [] -> [i32 i64]
;; export 'wide': function 3 [i64 i64 i32] -> [i64 i64]
;; custom 'name': 011001030d776964652062792076616c7565071201000f5f5f737461636b5f706f696e746572
