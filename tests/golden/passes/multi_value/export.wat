;; The wrapper lends 16 bytes of stack and loads both results; nothing that was there moves.
;; run: multi-value "export=pair=(i64, i64)"
(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (func $pair (export "pair") (param $out i32) (param $x i64)
    local.get $out  local.get $x  i64.store
    local.get $out  i64.const 7  i64.store offset=8))
;; ->
;; note: multi-value: using global 0 as the stack pointer (the name section calls global 0 __stack_pointer)
;; note: multi-value: changed type of export 'pair' to [i64] -> [i64 i64] (was [i32 i64] -> []; declared result (i64, i64), 16 bytes)
;; claim: returns-by-value kind=export name=pair result=(i64, i64)
;; claim: custom-changed name=name reason=it follows what was added or moved
;; type 0: [i32 i64] -> []
;; type 1: [i64] -> [i64 i64]
;; func 1 'pair by value' [i64] -> [i64 i64] locals 2*i32
;;   global.get global 0
;;   local.tee 1
;;   i32.const 16
;;   i32.sub
;;   local.tee 2
;;   global.set global 0
;;   local.get 2
;;   i64.const 0
;;   i64.store (align=3 offset=0 memory=memory 0)
;;   local.get 2
;;   i64.const 0
;;   i64.store (align=3 offset=8 memory=memory 0)
;;   local.get 2
;;   local.get 0
;;   call function 0
;;   local.get 2
;;   i64.load (align=3 offset=0 memory=memory 0)
;;   local.get 2
;;   i64.load (align=3 offset=8 memory=memory 0)
;;   local.get 1
;;   global.set global 0
;; export 'pair': function 1 [i64] -> [i64 i64]
;; custom 'name': 011602000470616972010d706169722062792076616c7565020b01000200036f7574010178071201000f5f5f737461636b5f706f696e746572
