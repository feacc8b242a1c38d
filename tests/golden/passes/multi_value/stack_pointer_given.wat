;; Who names the stack pointer overrides all evidence, and the contract says that it was the user.
;; run: multi-value "export=f=(i64, i64)" stack-pointer=1 zero-buffer=false
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (global $mine (mut i32) (i32.const 7))
  (func (export "f") (param i32)))
;; ->
;; note: multi-value: using global 1 as the stack pointer (given as '1')
;; note: multi-value: changed type of export 'f' to [] -> [i64 i64] (was [i32] -> []; declared result (i64, i64), 16 bytes)
;; claim: returns-by-value kind=export name=f result=(i64, i64)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; claim: stack pointer 1
;; type 0: [i32] -> []
;; type 1: [] -> [i64 i64]
;; func 1 'f by value' [] -> [i64 i64] locals 2*i32
;;   global.get global 1
;;   local.tee 0
;;   i32.const 16
;;   i32.sub
;;   local.tee 1
;;   global.set global 1
;;   local.get 1
;;   call function 0
;;   local.get 1
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 1
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 0
;;   global.set global 1
;; export 'f': function 1 [] -> [i64 i64]
;; custom 'name': 010d01010a662062792076616c7565071802000f5f5f737461636b5f706f696e74657201046d696e65
